"""A text that is not stored, linked on the spot, as the page of an article shows it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from archive.marks import Piece, marked
from archive.reading.articles import Mention, choices_of, mention_of, spans_of
from linker.face import LinkedText
from storage.records import Evidence, Link


@dataclass(frozen=True, kw_only=True)
class Proposed:
    """A decision or a candidate that nobody keeps, with what is asked of a link."""

    id: str
    mention: int
    rank: int | None
    status: str
    answer: str | None
    level: str
    probability: float
    margin: float | None
    inspection_id: str | None
    setting_id: str | None
    provider_id: str | None
    confirmed: bool = False


@dataclass(frozen=True, kw_only=True)
class Numbered(Evidence):
    """Evidence in the order of its link."""

    number: int


@dataclass(frozen=True, kw_only=True)
class TextPage:
    """The text with its clues marked, its mentions, and each one's waterfalls."""

    title: list[list[Piece]]
    paragraphs: list[list[Piece]]
    mentions: tuple[Mention, ...]
    why: tuple[dict[str, Any], ...]


def text_page(connection: sa.Connection, linked: LinkedText, *, title: str, text: str) -> TextPage:
    """What is shown of a linked text."""
    mentions = tuple(_mentions(connection, linked.links))
    spans = spans_of(mentions)
    return TextPage(
        title=marked(title, [span for field, span in spans if field == "title"]),
        paragraphs=marked(text, [span for field, span in spans if field == "text"]),
        mentions=mentions,
        why=tuple(linked.why),
    )


def _mentions(connection: sa.Connection, links: Sequence[Link]) -> list[Mention]:
    rows = [_proposed(link) for link in links]
    evidence = {
        row.id: [Numbered(number=number, **_fields(one)) for number, one in enumerate(link.evidence)]
        for row, link in zip(rows, links, strict=True)
    }
    choices = choices_of(connection, rows)
    mentions: list[Mention] = []
    for number in sorted({row.mention for row in rows}):
        first = 1 + sum(len(mention.evidence) for mention in mentions)
        of_it = [choice for choice in choices if choice.link.mention == number]
        mention = mention_of(of_it, evidence, first)
        mentions += [mention] if mention else []
    return mentions


def _proposed(link: Link) -> Proposed:
    return Proposed(
        id=f"{link.mention}/{link.rank or 0}",
        mention=link.mention,
        rank=link.rank,
        status=link.status,
        answer=link.answer,
        level=link.level,
        probability=link.probability,
        margin=link.margin,
        inspection_id=link.inspection_id,
        setting_id=link.setting_id,
        provider_id=link.provider_id,
    )


def _fields(one: Evidence) -> dict[str, Any]:
    return {name: getattr(one, name) for name in Evidence.__dataclass_fields__}
