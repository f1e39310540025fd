"""The query language, read: words, "phrases", -not, OR, (groups), beginnings* and field:values.

Reading never fails on any text. What cannot be meant as written is repaired and told in ``Parsed.notes``;
what cannot run at all (a date that is none) is found out when the query is built.
A minus or a bracket in the middle of a word is text.
"""

import dataclasses
import re
from dataclasses import dataclass, replace
from typing import Final, Literal, TypeAlias

from storage.search.errors import QueryFault
from storage.search.fields import ANALYSERS, WORDS

LONGEST_QUERY: Final = 1000
MOST_PARTS: Final = 60
DEEPEST_GROUP: Final = 8
SHORTEST_BEGINNING: Final = 3  # two letters begin thousands of words
FIELDS: Final = {
    "provider": "registered provider, any of its names",
    "group": "group that providers belong to",
    "place": "local authority or region of the setting",
    "region": "region of the setting",
    "urn": "unique reference number",
    "outlet": "newspaper or site",
    "judgement": "overall judgement",
    "regulator": "ofsted, cqc, …",
    "after": "on or after: 2023, 2023-05 or 2023-05-17",
    "before": "before: 2023, 2023-05 or 2023-05-17",
    "linked": "yes, no, confirmed, review, none, waiting",
    "kind": "article or report",
    "story": "the copies of one story, by its number",
}
"""The fields a query may name, and what each holds."""
NAME_FIELDS: Final = ("provider", "group", "place", "region", "outlet", "judgement", "regulator")
"""Fields of words, in which a beginning* may be looked for."""

_NAMED = "|".join(FIELDS)
_PIECE = re.compile(
    r"""(?P<minus>-+)?(?:(?P<field>[A-Za-z]+):)?(?:"(?P<phrase>[^"]*)(?P<closed>"|$)|(?P<word>[^\s"]+))"""
)
_OPENING = re.compile(rf"(?P<minus>-?)(?:(?P<field>{_NAMED}):)?\(", re.IGNORECASE)
_SPACED = re.compile(rf"\b({_NAMED}):\s+(?=[^\s(])", re.IGNORECASE)
_CURLY = str.maketrans({"“": '"', "”": '"', "„": '"', "\0": " "})


@dataclass(frozen=True, slots=True)
class Part:
    """One condition: a word, a phrase or a beginning, perhaps of a field; ``span`` is where it stands."""

    text: str
    how: Literal["word", "phrase", "prefix"] = "word"
    field: str | None = None
    span: tuple[int, int] = dataclasses.field(default=(0, 0), compare=False)


@dataclass(frozen=True, slots=True)
class Every:
    """All of these must hold."""

    of: "tuple[Node, ...]"


@dataclass(frozen=True, slots=True)
class Either:
    """One of these must hold."""

    of: "tuple[Node, ...]"


@dataclass(frozen=True, slots=True)
class Without:
    """This must not hold."""

    what: "Node"


Node: TypeAlias = Part | Every | Either | Without


@dataclass(frozen=True, slots=True)
class Parsed:
    """A query as it was understood; ``text`` is what was read, ``notes`` tell of repairs."""

    tree: Every
    notes: tuple[str, ...]
    text: str

    @property
    def parts(self) -> tuple[Part, ...]:
        """Every condition that is sought, not those taken away."""
        return tuple(_sought(self.tree))

    @property
    def excludes(self) -> bool:
        """Whether words are taken away somewhere."""
        return any(isinstance(node, Without) for node in _all(self.tree))

    @property
    def narrows(self) -> bool:
        """Whether a sign in it may keep out a text that has the very signs."""
        return self.excludes or any(part.field for part in self.parts)

    @property
    def is_plain(self) -> bool:
        """Whether it is words only, which say nothing but themselves."""
        return all(isinstance(node, Part) and node.how == "word" and not node.field for node in self.tree.of)

    def with_what_was_taken_away(self, why: str) -> "Parsed":
        """The same query searching for the words it excluded: a minus may have been part of the text."""
        taken = (node.what for node in self.tree.of if isinstance(node, Without))
        words = tuple(one for one in taken if isinstance(one, Part) and not one.field)
        if not words:
            return self
        kept = tuple(node for node in self.tree.of if not (isinstance(node, Without) and node.what in words))
        named = ", ".join(f"“{part.text}”" for part in words)
        note = f"{why}, so {named} was searched for instead."
        return replace(self, tree=Every(kept + words), notes=(*self.notes, note))

    def as_text(self, why: str) -> "Parsed":
        """What was written as one passage, every sign taken for text."""
        return replace(self, tree=Every((Part(self.text, "phrase"),)), notes=(*self.notes, why))


def parse(query: str) -> Parsed:
    """Read a query; QueryFault where it is too long to be one."""
    if len(query) > LONGEST_QUERY:
        raise QueryFault(
            f"the query has {len(query):,} characters; {LONGEST_QUERY} are the most: keep its rarest words"
        )
    clean = query.encode("utf-8", "replace").decode().translate(_CURLY)
    return _Reader(_SPACED.sub(r"\1:", clean)).read()


def _all(node: Node) -> list[Node]:
    inner = node.of if isinstance(node, Every | Either) else (node.what,) if isinstance(node, Without) else ()
    return [node, *(one for child in inner for one in _all(child))]


def _sought(node: Node) -> list[Part]:
    if isinstance(node, Part):
        return [node]
    return [] if isinstance(node, Without) else [part for child in node.of for part in _sought(child)]


@dataclass(slots=True)
class _Group:
    """A group while it is read: alternatives of each condition, and how the group itself was opened."""

    field: str | None = None
    negated: bool = False
    joins: bool = False  # an OR stood before it
    found: list[list[Node]] = dataclasses.field(default_factory=list)
    joining: bool = False

    def add(self, node: Node) -> None:
        if self.joining:
            self.found[-1].append(node)
        else:
            self.found.append([node])
        self.joining = False

    def node(self) -> Every:
        return Every(tuple(one[0] if len(one) == 1 else Either(tuple(one)) for one in self.found))


class _Reader:
    """Reads a query from left to right, with the groups that stand open."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.open = [_Group()]
        self.notes: list[str] = []
        self.parts = 0
        self.too_deep = 0  # groups that stand open and are not read as such

    def read(self) -> Parsed:
        place = 0
        while place < len(self.text):
            if self.text[place].isspace():
                place += 1
                continue
            if self.parts >= MOST_PARTS:
                self._note(f"Only the first {MOST_PARTS} words were searched for.")
                break
            place = self._bracket(place) or self._piece(place)
        if len(self.open) > 1:
            self._note("A bracket was left open; we closed it at the end.")
        while len(self.open) > 1:
            self._close()
        return self._parsed()

    def _parsed(self) -> Parsed:
        tree = self.open[0].node()
        read = Parsed(tree, tuple(self.notes), self.text)
        negated = [node for node in tree.of if isinstance(node, Without)]
        fielded = any(isinstance(one, Part) and one.field for node in negated for one in _all(node))
        if len(negated) < len(tree.of) or fielded:
            return read
        return read.with_what_was_taken_away("A minus takes words away, and nothing else was asked for")

    def _bracket(self, place: int) -> int:
        """Where reading goes on after a bracket that opens or closes a group; 0 where none does."""
        if self.text[place] == ")":
            if self.too_deep:
                self.too_deep -= 1
            elif len(self.open) > 1:
                self._close()
            else:
                self._note("A closing bracket without an opening one was left out.")
            return place + 1
        opened = _OPENING.match(self.text, place)
        if opened is None:
            return 0
        if len(self.open) > DEEPEST_GROUP:
            self._note(f"Brackets are read {DEEPEST_GROUP} deep; those further in were left out.")
            self.too_deep += 1
            return opened.end()
        outer = self.open[-1]
        named = opened["field"].lower() if opened["field"] else outer.field
        self.open.append(_Group(named, bool(opened["minus"]), outer.joining))
        return opened.end()

    def _close(self) -> None:
        group = self.open.pop()
        outer = self.open[-1]
        if group.found:
            outer.joining = group.joins
            node = group.node()
            only: Node = node.of[0] if len(node.of) == 1 else node
            outer.add(Without(only) if group.negated else only)

    def _piece(self, place: int) -> int:
        piece = _PIECE.match(self.text, place)
        if piece is None:  # a lone quotation mark's closing half, or a minus before nothing
            return place + 1
        end = piece.end()
        if piece["word"] and (extra := self._closing(piece["word"])):
            end -= extra
            piece = _PIECE.fullmatch(self.text, place, end) or piece
        group = self.open[-1]
        if piece["word"] in ("OR", "AND") and not piece["field"] and not piece["minus"]:
            group.joining = piece["word"] == "OR" and bool(group.found)
            return end
        for part in self._read_part(piece, end):
            self.parts += 1
            group.add(Without(part) if self._takes_away(piece) else part)
        return end

    def _closing(self, word: str) -> int:
        """How many brackets at the word's end close groups that stand open."""
        hanging = len(word) - len(word.rstrip(")"))
        unmatched = word.count(")") - word.count("(")
        return max(0, min(hanging, unmatched, len(self.open) - 1 + self.too_deep, len(word) - 1))

    def _takes_away(self, piece: re.Match[str]) -> bool:
        """A single minus before a word takes it away; within text, before a number or doubled it is text."""
        before = self.text[piece.start() - 1 : piece.start()]
        if piece["minus"] != "-" or not (before.isspace() or before in ("", "(")):
            return False
        return bool(piece["field"] or piece["phrase"] or (piece["word"] or "")[:1].isalpha())

    def _read_part(self, piece: re.Match[str], end: int) -> list[Part]:
        named = piece["field"].lower() if piece["field"] else None
        before = f"{piece['field']} " if named and named not in FIELDS else ""
        of = (known := None if before else named) or self.open[-1].field
        span = (piece.start("phrase" if piece["phrase"] is not None else "word"), end)
        if piece["phrase"] is not None:
            if not piece["closed"]:
                self._note("A quotation mark was left open; we closed it at the end.")
            text: str = before + piece["phrase"]
            if not self._searchable(text, known):
                return []
            return [Part(text, "phrase", of, (span[0] - 1, end))]
        return self._word(before + piece["word"], of, span, known)

    def _word(self, text: str, of: str | None, span: tuple[int, int], known: str | None) -> list[Part]:
        if not self._searchable(text, known):
            return []
        if text.endswith("*") and (of is None or of in NAME_FIELDS):
            stem = text.rstrip("*")
            if len(stem) >= SHORTEST_BEGINNING and stem.isalnum():
                return [Part(stem, "prefix", of, span)]
            self._note(f"“{text}” is too short or too mixed for a star; it was searched for as a word.")
        return [Part(text, "word", of, span)]

    def _searchable(self, text: str, named: str | None) -> bool:
        """Whether anything of the text is in words as the index keeps them."""
        if ANALYSERS[WORDS].analyze(text):
            return True
        if any(character.isalnum() for character in text):
            self._note(f"“{text[:30]}…” is too long for a word, so it was left out.")
        if named:
            self._note(f"“{named}:” has no value, so it was left out.")
        return False

    def _note(self, note: str) -> None:
        if note not in self.notes:
            self.notes.append(note)
