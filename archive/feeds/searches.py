"""The feed of a search: its hits, newest first, a story once, in pages (RFC 5005).

It is a window on what is found now. What leaves it is no longer there; which hits a search once had is
kept nowhere, so it has no tombstones.
"""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

import sqlalchemy as sa
from starlette.datastructures import QueryParams

from archive import asking, telling
from archive.feeds.entries import Press, headline, press
from archive.feeds.records import Place
from archive.feeds.shape import NEVER, Entry, Feed
from storage.batches import select_where_in
from storage.errors import NotFound
from storage.schema.assertions import assertions as log
from storage.schema.crawl import captures
from storage.schema.inspections import reports
from storage.schema.press import articles
from storage.schema.registers import imports
from storage.search.found import Results, Search
from storage.search.hits import Hit

SIZE: Final = 50
Ask = Callable[[Search], Results]


def asked_by(target: str, page: int) -> Search:
    """The search of a query string as its feed asks it; QueryFault where it cannot be asked."""
    return replace(asking.read_search(QueryParams(target), fold=True), sort="newest", page=page, size=SIZE)


def search_feed(connection: sa.Connection, ask: Ask, target: str, place: Place) -> Feed:
    """One page of the feed; NotFound beyond the last."""
    page = place.archive or 1
    asked = asked_by(target, page)
    found = ask(asked)
    if page > max(found.pages, 1):
        raise NotFound(f"this feed has {found.pages} pages")
    last = max(found.pages, 1)
    links = {"self": place.at(page if page > 1 else None), "first": place.at(None), "last": place.at(last)}
    if page > 1:
        links["previous"] = place.at(page - 1 if page > 2 else None)
    if page < last:
        links["next"] = place.at(page + 1)
    return Feed(
        id=place.named("feed", "search", asking.query_string(asked, sort=None)),
        title=f"{asked.query or 'Everything'} · On Record",
        page=place.page,
        links=links,
        entries=_entries(connection, found.hits, place),
    )


def _entries(connection: sa.Connection, hits: Sequence[Hit], place: Place) -> tuple[Entry, ...]:
    told = press(connection, [hit.id for hit in hits if hit.kind == "article"])
    moments = _moments(connection, list(told)) | _learned(connection, hits)
    return tuple(_entry(hit, told.get(hit.id), moments[hit.id], place) for hit in hits if hit.id in moments)


def _entry(hit: Hit, told: Press | None, moments: tuple[dt.datetime, dt.datetime], place: Place) -> Entry:
    published, updated = moments
    return Entry(
        id=place.named(hit.kind, hit.id),
        url=f"{place.base}/{hit.kind}s/{hit.id}",
        title=headline(told) if told else _whole(hit),
        text="\n".join(filter(None, (_line(hit), told.extract if told else None))),
        published=published,
        updated=updated,
    )


def _whole(hit: Hit) -> str:
    return "".join(piece.text for piece in hit.title) or "Untitled"


def _line(hit: Hit) -> str:
    about = [*hit.urns, *dict.fromkeys(hit.authorities), *hit.judgements]
    where = hit.outlet or ("Official report" if hit.kind == "report" else "Unknown outlet")
    told = [where, telling.published(hit.published), telling.link_state(hit.link), *about[:6]]
    return " · ".join([*told, f"{hit.copies} more copies"] if hit.copies else told)


def _moments(connection: sa.Connection, ids: Sequence[str]) -> dict[str, tuple[dt.datetime, dt.datetime]]:
    """When each article came, and when what is asserted of it last changed."""
    query = sa.select(articles.c.id, articles.c.first_seen)
    came = {row["id"]: row["first_seen"] for row in select_where_in(connection, query, articles.c.id, ids)}
    said = sa.select(log.c.article_id, sa.func.max(log.c.at).label("at")).group_by(log.c.article_id)
    said = said.where(log.c.event.not_in(["suppressed", "released"]))
    rows: Sequence[Mapping[str, Any]] = select_where_in(connection, said, log.c.article_id, ids)
    changed = {row["article_id"]: row["at"] for row in rows}
    return {id_: (at, max(at, changed.get(id_, at))) for id_, at in came.items()}


def _learned(connection: sa.Connection, hits: Sequence[Hit]) -> dict[str, tuple[dt.datetime, dt.datetime]]:
    """When each report came; one that is restricted is not there."""
    at = sa.func.coalesce(imports.c.learned_at, captures.c.fetched_at)
    query = (
        sa.select(reports.c.id, at.label("at"))
        .outerjoin(imports, imports.c.id == reports.c.import_id)
        .outerjoin(captures, captures.c.id == reports.c.capture_id)
        .where(reports.c.restriction.is_(None))
    )
    ids = [hit.id for hit in hits if hit.kind == "report"]
    rows = select_where_in(connection, query, reports.c.id, ids)
    return {row["id"]: (row["at"] or NEVER, row["at"] or NEVER) for row in rows}
