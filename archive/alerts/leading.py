"""New lines of a lead: those that it did not have when the alert was made or last looked."""

import datetime as dt
from collections.abc import Sequence
from urllib.parse import urlsplit

import sqlalchemy as sa
from starlette.datastructures import QueryParams

from archive.alerts.news import News
from archive.leads import LEADS
from archive.reading.kept import Kept
from archive.reading.leads.shape import Asked, Row
from archive.telling import london_day
from storage import told
from storage.alerts import Alert
from storage.errors import UsageMistake
from storage.ids import opaque_id, random_id
from storage.told import NO_MENTION

_LOOKED_AT = 500
"""Lines, the newest first: a lead of more is narrowed before anybody is told of each of its lines."""


def lines(connection: sa.Connection, target: str, today: dt.date) -> list[str]:
    """What tells each of the lead's first lines from all others; UsageMistake where there is no such lead."""
    parts = urlsplit(target)
    lead = LEADS.get(parts.path.strip("/"))
    if lead is None:
        raise UsageMistake(f"there is no lead {parts.path[:40]!r} any more")
    kept = Kept()
    options = {choice.name: choice.given(connection, kept) for choice in lead.choices}
    chosen = lead.chosen(QueryParams(parts.query), options)
    found = lead.find(connection, Asked(chosen=chosen, today=today, size=_LOOKED_AT), kept)
    return [_name(row) for row in found.rows]


def begin(connection: sa.Connection, alert: Alert, *, at: dt.datetime) -> None:
    """Keep which lines the lead has when the alert is made."""
    names = dict.fromkeys(lines(connection, alert.target, london_day(at)))
    told.add(connection, alert.id, [_row(name, random_id("item")) for name in names])


def new_lines(connection: sa.Connection, alert: Alert, news: News, *, at: dt.datetime) -> None:
    """Add the lines that are new; UsageMistake."""
    names = dict.fromkeys(lines(connection, alert.target, london_day(at)))
    known = {row.about for row in told.of(connection, names).get(alert.id, ())}
    for name in names:
        if name not in known:
            item = random_id("item")
            news.rows.append(_row(name, item))
            news.tell(item, "lines")


def _row(name: str, item: str) -> dict[str, object]:
    return {"item": item, "what": "lead", "about": name, "mention": NO_MENTION}


def _name(row: Row) -> str:
    """By what its cells lead to: what they count may change, and it stays the same line."""
    led: Sequence[str] = [cell.link for cell in row if cell.link] or [cell.text for cell in row]
    return opaque_id("line", *led)
