"""The words of a message, put together when it is sent: what was restricted or erased by then is not in it.

Each line is composed from fields. A headline, and an extract of at most 25 words with numbers masked, go
only where the channel and the source's terms allow it.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, cast

import sqlalchemy as sa

from archive import telling
from archive.alerts.letters import Event, Letter, Line
from archive.alerts.post import Post
from archive.pages.following import address
from archive.reading import public
from storage import told
from storage.alerts import Alert
from storage.batches import batches, select_where_in
from storage.masking import extract, masked
from storage.outbox import Message
from storage.schema.crawl import sources
from storage.schema.inspections import reports
from storage.schema.press import article_versions, articles
from storage.schema.registers import settings
from storage.search.documents import report_title
from storage.told import Told

_BEGINNING: Final = 2_000  # characters of a text that an extract is made from
_GONE: Final = (
    "Something that this alert told of may not be told any more; please delete what you keep of it."
)
_SAID: Final[Mapping[str, str]] = {
    "corrected": "It is linked to another record than was told before",
    "withdrawn": "The link that was told is withdrawn",
}
_Rows = Mapping[str, Any]


def letter(
    connection: sa.Connection, message: Message, alert: Alert | None, post: Post, *, at: dt.datetime
) -> Letter:
    """The message in words, as it is told at that moment."""
    base = post.base_url.rstrip("/")
    lines: tuple[Line, ...] = ()
    notes = [str(item["notice"]) for item in message.items if "notice" in item]
    subject = f"Alert: {alert.title}" if alert else "What an operator should see"
    if alert and message.kind == "confirm":
        there = f"{base}/alerts/{alert.id}/confirm/{alert.token('confirm')}"
        notes = [
            f"Somebody with an account on {base} asked to be told here of: {alert.title}.",
            f"To receive these alerts open this page and say so:\n{there}",
            "If that was not you, do nothing: nothing more is sent.",
        ]
    elif alert and message.kind == "test":
        notes = [f"This is a test. The alert on “{alert.title}” reaches you here."]
    elif alert:
        lines = tuple(_lines(connection, message, alert, base, words=_with_words(alert, post)))
    return Letter(
        id=message.id,
        kind=message.kind,
        subject=subject,
        lines=lines,
        at=at,
        alert=alert,
        base_url=base,
        notes=tuple(notes),
    )


def _with_words(alert: Alert, post: Post) -> bool:
    """Whether headlines and extracts may go there at all."""
    if alert.channel == "chat":
        chat = post.chats.get(alert.address)
        return chat is not None and chat.text
    return alert.channel == "email" or post.webhook_text


def _lines(
    connection: sa.Connection, message: Message, alert: Alert, base: str, *, words: bool
) -> Iterable[Line]:
    rows = told.of_items(connection, [item["item"] for item in message.items if "item" in item])
    founding = {item: _founding(found) for item, found in rows.items()}
    stories = _articles(connection, [one.about for one in founding.values() if one.what == "article"])
    official = _reports(connection, [one.about for one in founding.values() if one.what == "report"])
    composed: dict[tuple[str, int], str] = {}
    for some in batches(stories):
        composed |= public.lines(connection, some)
    leads = sum(1 for one in founding.values() if one.what == "lead")
    if leads:
        path = address(alert.what, alert.target)
        said = f"{leads} new {'line' if leads == 1 else 'lines'} in “{alert.title}”"
        yield Line(id=message.id, event="lines", told=said, url=f"{base}{path}")
    for item in message.items:
        one = founding.get(item.get("item", ""))
        if one is None or one.what == "lead":
            continue
        if one.what == "report":
            yield _report(one, official.get(one.about), base)
        else:
            yield _article(item["event"], one, stories.get(one.about), composed, base, words=words)


def _founding(rows: Sequence[Told]) -> Told:
    """The copy that stands for the item: the first told that still is so."""
    return next((row for row in rows if not row.over), rows[0])


def _gone(one: Told) -> Line:
    return Line(id=one.item, event="gone", told=_GONE, url=None)


def _report(one: Told, row: _Rows | None, base: str) -> Line:
    if row is None:
        return _gone(one)
    return Line(id=one.item, event="report", told=row["told"], url=f"{base}/reports/{one.about}")


def _article(
    event: Event,
    one: Told,
    row: _Rows | None,
    composed: Mapping[tuple[str, int], str],
    base: str,
    *,
    words: bool,
) -> Line:
    if row is None or event == "gone":
        return _gone(one)
    line = composed.get((one.about, one.mention)) if event != "withdrawn" else None
    if line is None:
        line = f"A story · {row['outlet'] or 'unknown outlet'} · {telling.published(row['published'])}"
    said = f"{_SAID[event]}: {line}" if event in _SAID else line
    shown = words and row["shown_to"] != "nobody"
    return Line(
        id=one.item,
        event=event,
        told=said,
        url=f"{base}/articles/{one.about}",
        title=masked(row["title"] or "") or None if shown else None,
        extract=extract(row["beginning"]) or None if shown and event != "withdrawn" else None,
    )


def _articles(connection: sa.Connection, ids: Iterable[str]) -> dict[str, _Rows]:
    """Those of the articles that may be told of."""
    query = (
        sa.select(
            articles.c.id,
            articles.c.outlet,
            articles.c.published,
            article_versions.c.title,
            sa.func.substr(article_versions.c.text, 1, _BEGINNING).label("beginning"),
            sources.c.shown_to,
        )
        .join(article_versions, article_versions.c.article_id == articles.c.id)
        .outerjoin(sources, sources.c.id == articles.c.source_id)
        .where(articles.c.restriction.is_(None), article_versions.c.number == articles.c.latest_version)
    )
    return {row["id"]: row for row in select_where_in(connection, query, articles.c.id, ids)}


def _reports(connection: sa.Connection, ids: Iterable[str]) -> dict[str, _Rows]:
    found = {}
    for some in batches(ids):
        open_ones = reports.c.id.in_(some) & reports.c.restriction.is_(None)
        for row in connection.execute(sa.select(reports).where(open_ones)):
            this = sa.select(settings).where(settings.c.id == row.setting_id)
            found[row.id] = {"told": report_title(row, connection.execute(this).first())}
    return cast("dict[str, _Rows]", found)
