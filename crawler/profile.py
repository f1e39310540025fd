"""What a newsroom looks for: words and places, held against title and summary first and the text after."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from crawler.discovery.leads import Lead
from storage.ids import digest_of

_NEVER: Final = re.compile(
    r"/(?:sports?|football|rugby|cricket|racing|golf|boxing|horoscopes?|puzzles?|tv|showbiz|celebs?)(?:[/-]|$)",
    re.IGNORECASE,
)
"""Sections that are not fetched unless the title itself says that the story is wanted."""


@dataclass(frozen=True, kw_only=True)
class Profile:
    """``words``: one of them must occur; ``places``: one too, unless the source covers one of them anyway.

    Either may be empty, and then asks for nothing. Plurals and curly apostrophes are the same word.
    """

    words: tuple[str, ...] = ()
    places: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.words or self.places)

    @property
    def mark(self) -> str:
        """Tells this profile from another."""
        return digest_of(repr((self.words, self.places)).encode())[:8]

    def wants(self, text: str, area: Iterable[str]) -> bool:
        """Whether a text by a source of that area is what the newsroom looks for."""
        said = text.replace("’", "'").replace("‑", "-")
        covered = not self.places or bool(_known(self.places) & _known(area))
        return _one_of(self.words, said) and (covered or _one_of(self.places, said))

    def is_worth_a_look(self, lead: Lead, path: str, area: Iterable[str]) -> bool:
        """Whether to fetch a lead: few titles say that a story is wanted, many sections that not."""
        told = f"{lead.title or ''}\n{lead.summary or ''}"
        return not _NEVER.search(path) or self.wants(told, area)


def _known(names: Iterable[str]) -> set[str]:
    return {name.casefold() for name in names}


def _one_of(words: Iterable[str], text: str) -> bool:
    """Whether one of them occurs as a word, or none is asked for."""
    patterns = [r"\s+".join(map(re.escape, word.replace("’", "'").split())) for word in words if word.strip()]
    if not patterns:
        return True
    return bool(re.search(rf"(?<!\w)(?:{'|'.join(patterns)})(?:'?e?s'?)?(?!\w)", text, re.IGNORECASE))
