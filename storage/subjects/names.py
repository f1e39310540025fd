"""A person's name in a text: found however it is spelled, and blacked out without moving another letter."""

import dataclasses
import hmac
import re
import secrets
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final, Protocol, TypeVar, cast

from storage.errors import UsageMistake
from storage.masking import BLACK

_WORD: Final = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_GAP: Final = re.compile(r"[\s\u00a0.,+_\-‐‑–]{1,3}")
_LONGEST: Final = 100  # characters of a name
_MOST_WORDS: Final = 6

Value = TypeVar("Value")


class Sought(Protocol):
    """A name that can be told from other words: in clear, or by its digest alone."""

    @property
    def size(self) -> int:
        """How many words it has."""

    def is_said_by(self, words: tuple[str, ...]) -> bool:
        """Whether these folded words are the name."""


@dataclass(frozen=True)
class Name:
    """A name in clear, as folded words: without case, accents, apostrophes and the genitive's s.

    ``letters``: plain letters of which a text with the name has some run, by which a database finds it.
    """

    words: tuple[str, ...]
    letters: tuple[str, ...] = ()

    @property
    def size(self) -> int:
        """How many words it has."""
        return len(self.words)

    def is_said_by(self, words: tuple[str, ...]) -> bool:
        """Whether these folded words are the name."""
        return words == self.words


@dataclass(frozen=True)
class Digest:
    """A name that is not kept: its words' number, a random salt, and HMAC-SHA256 over them."""

    size: int
    salt: str
    digest: str

    def is_said_by(self, words: tuple[str, ...]) -> bool:
        """Whether these folded words have the digest."""
        return hmac.compare_digest(_digest(self.salt, words), self.digest)


def name_of(text: str) -> Name:
    """The name that a text is; UsageMistake for a single word, which would name too many people."""
    words = tuple(folded for match in _WORD.finditer(text) if (folded := _folded(match[0])))
    if not 2 <= len(words) <= _MOST_WORDS or len(text) > _LONGEST:
        raise UsageMistake(f'{text[:40]!r}: give a whole name, such as "Rowan Ash" or "Ms Ash"')
    runs = sorted(re.findall(r"[a-z]{2,}", text.lower()), key=len, reverse=True)
    return Name(words, tuple(runs[:2]))


def digested(name: Name) -> Digest:
    """The name so that it can be told again, and not read."""
    salt = secrets.token_hex(16)
    return Digest(name.size, salt, _digest(salt, name.words))


def spans(text: str, sought: Sequence[Sought]) -> list[tuple[int, int]]:
    """Where one of the names stands, in order and without overlaps; offsets count code points."""
    words = [(match.start(), match.end(), _folded(match[0])) for match in _WORD.finditer(text)]
    joined = [bool(_GAP.fullmatch(text, words[n][1], words[n + 1][0])) for n in range(len(words) - 1)]
    found: list[tuple[int, int]] = []
    for first, (start, _, _) in enumerate(words):
        if found and start < found[-1][1]:
            continue
        ends = [last for one in sought if (last := _said(words, joined, first, one)) is not None]
        if ends:
            found.append((start, max(ends)))
    return found


def without(value: Value, sought: Sequence[Sought]) -> Value:
    """The value with each name blacked out in every text that it holds: as long as it was."""
    made: Any = value
    if isinstance(value, str):
        pieces, done = [], 0
        for start, end in spans(value, sought):
            pieces += [value[done:start], BLACK * (end - start)]
            done = end
        made = "".join([*pieces, value[done:]])
    elif isinstance(value, Mapping):
        made = {key: without(one, sought) for key, one in value.items()}
    elif isinstance(value, (list, tuple)):
        made = type(value)(without(one, sought) for one in value)
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        told = {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
        made = dataclasses.replace(value, **without(told, sought))
    return cast("Value", made)


def texts_in(value: object) -> Iterator[str]:
    """Every text that a column's value holds."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from texts_in(one)
    elif isinstance(value, (list, tuple)):
        for one in value:
            yield from texts_in(one)


def _said(
    words: Sequence[tuple[int, int, str]], joined: Sequence[bool], first: int, one: Sought
) -> int | None:
    """Where the name ends that begins with that word; None where it does not."""
    last = first + one.size - 1
    if last >= len(words) or not all(joined[first:last]):
        return None
    said = tuple(word for _, _, word in words[first : last + 1])
    return words[last][1] if one.is_said_by(said) else None


def _folded(word: str) -> str:
    bare = re.sub(r"['’]s$|['’]", "", word)
    letters = unicodedata.normalize("NFKD", bare.casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def _digest(salt: str, words: tuple[str, ...]) -> str:
    return hmac.new(salt.encode(), " ".join(words).encode("utf-8", "surrogatepass"), sha256).hexdigest()
