"""The demo's news stories: written once, copied between papers with small edits, one of them revised."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from onrecord.demo.frontmatter import documents, table

_GIVEN: Final = ("outlet", "path", "section", "title", "byline", "published", "caption")


@dataclass(frozen=True, kw_only=True)
class Outlet:
    """A paper: its host, the page template it uses, the authorities it covers."""

    key: str
    name: str
    host: str
    template: str
    tagline: str
    area: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Story:
    """One article; ``revised`` is its text from the second edition on, where that differs."""

    name: str
    outlet: str
    path: str
    section: str
    title: str
    byline: str
    published: dt.datetime
    caption: str
    text: str
    revised: str | None = None
    agency: str | None = None
    quotes: tuple[str, ...] = ()
    disallowed: bool = False

    def text_in(self, edition: int) -> str:
        """The text as the paper shows it in its first or second edition."""
        return self.revised if self.revised and edition > 1 else self.text

    def modified_in(self, edition: int) -> dt.datetime:
        """When the text last changed; a revision comes two days after publication."""
        return self.published + dt.timedelta(days=2 if self.revised and edition > 1 else 0)


def outlets() -> list[Outlet]:
    """The three papers."""
    return [Outlet(**given | {"area": tuple(given["area"])}) for given in table("outlets.toml")["outlet"]]


@lru_cache(maxsize=1)
def stories() -> tuple[Story, ...]:
    """Every story, newest first."""
    read = documents("articles")
    texts = {name: text for name, _, text in read}
    made = [_story(name, facts, texts) for name, facts, _ in read]
    return tuple(sorted(made, key=lambda story: story.published, reverse=True))


def _story(name: str, facts: Mapping[str, Any], texts: Mapping[str, str]) -> Story:
    text = _edited(texts[facts.get("copy_of", name)], facts.get("edits", ()))
    return Story(
        **{key: facts[key] for key in _GIVEN},
        name=name,
        text=text,
        revised=_edited(text, facts["revised"]) if "revised" in facts else None,
        agency=facts.get("agency"),
        quotes=tuple(facts.get("quotes", ())),
        disallowed=facts.get("disallowed", False),
    )


def _edited(text: str, edits: Sequence[Mapping[str, str]]) -> str:
    for edit in edits:
        if text.count(edit["was"]) != 1:
            raise ValueError(f"an edit expects {edit['was']!r} once in the story")
        text = text.replace(edit["was"], edit["now"].strip())
    return text
