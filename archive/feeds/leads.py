"""The feed of a lead: its lines as they are now, each an entry by the records it names."""

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final
from urllib.parse import unquote

import sqlalchemy as sa
from starlette.datastructures import QueryParams

from archive.feeds.entries import Press, headline, press
from archive.feeds.records import Place
from archive.feeds.shape import NEVER, Entry, Feed
from archive.leads import LEADS
from archive.reading.kept import Kept
from archive.reading.leads.shape import Asked, Cell, Lead, Row
from storage.errors import NotFound
from storage.ids import opaque_id

MOST: Final = 100
_ARTICLE: Final = "/articles/"
_DAY: Final = re.compile(r"\b(\d{1,2} [A-Z][a-z]+ [12]\d{3})\b")


def lead_feed(connection: sa.Connection, kept: Kept, target: str, place: Place, today: dt.date) -> Feed:
    """The first lines of the lead of that name and choices; NotFound, UsageMistake for a choice."""
    name, _, query = target.partition("?")
    if name not in LEADS:
        raise NotFound(f"there is no lead {name!r}; there are {', '.join(LEADS)}")
    lead = LEADS[name]
    options = {choice.name: choice.given(connection, kept) for choice in lead.choices}
    chosen = lead.chosen(QueryParams(query), options)
    rows = lead.find(connection, Asked(chosen=chosen, today=today, size=MOST), kept).rows
    told = press(connection, {id_ for row in rows for cell in row if (id_ := _article(cell))})
    return Feed(
        id=place.named("feed", "lead", target),
        title=f"{lead.title} · On Record",
        page=place.page,
        links={"self": place.at(None)},
        entries=tuple({entry.id: entry for entry in _entries(lead, rows, told, place)}.values()),
    )


def _entries(lead: Lead, rows: Sequence[Row], told: Mapping[str, Press], place: Place) -> Iterator[Entry]:
    for row in rows:
        if any((id_ := _article(cell)) and id_ not in told for cell in row):
            continue  # restricted since the lead was counted
        words = [_headed(row[0], told), *(cell.text for cell in row[1:])]
        link = next((cell.link for cell in row if cell.link), None)
        at = _day(row)
        yield Entry(
            id=place.named("lead", lead.name, _identity(row)),
            url=f"{place.base}{link or f'/leads/{lead.name}'}",
            title=words[0] if not row[0].day else f"{words[0]} · {' · '.join(words[1:5])}",
            text="\n".join(f"{name}: {one}" for name, one in zip(lead.columns, words, strict=True)),
            published=at,
            updated=at,
        )


def _identity(row: Row) -> str:
    """By what the line is about: not by counts and days, which change while it stays the same line."""
    lasting = (cell for cell in row if cell.link or not (cell.number or cell.day or cell.grade))
    return opaque_id("line", *(cell.link or cell.text for cell in lasting))


def _headed(cell: Cell, told: Mapping[str, Press]) -> str:
    """The first cell's text; a headline as the rights of its source allow."""
    id_ = _article(cell)
    return headline(told[id_]) if id_ and id_ in told else cell.text


def _article(cell: Cell) -> str | None:
    return unquote(cell.link.removeprefix(_ARTICLE)) if cell.link and cell.link.startswith(_ARTICLE) else None


def _day(row: Row) -> dt.datetime:
    """The newest day that the line tells."""
    said = [found[1] for cell in row for found in _DAY.finditer(cell.text)]
    days = [day for text in said if (day := _read(text))]
    return max(days, default=NEVER)


def _read(text: str) -> dt.datetime | None:
    try:
        return dt.datetime.strptime(text, "%d %B %Y").replace(tzinfo=dt.UTC)
    except ValueError:
        return None
