"""How long things are kept whose use ends: what is past its days, and that it is erased for good.

Days are set by kind; without days a kind is kept for ever, which is what journalism needs of its evidence.
The chained logs are never shortened: a row taken out would be found as a fault. ``enforce`` is the one call.
"""

import dataclasses
import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

from storage import audit, erasing, sealing
from storage.batches import batches
from storage.records import SEALED
from storage.schema.alerts import alerts, outbox
from storage.schema.crawl import captures, failures
from storage.schema.inspections import reports
from storage.schema.links import judgements, links
from storage.schema.people import keys
from storage.schema.press import article_versions
from storage.schema.work import corrections, follows, notes
from storage.store import Store


@dataclass(frozen=True, kw_only=True)
class Days:
    """For how many days each kind is kept; None for ever."""

    unlinked_captures: int | None = None
    """Bytes of pages that describe no setting, since they were last fetched; their text stays."""
    people_blocks: int | None = None
    """Captured reports, which name managers and inspectors, since they were fetched; their text stays."""
    sessions: int | None = 30
    """Sessions, tokens and sign-in links, since they ended."""
    ended: int | None = 30
    """Notes, follows and alerts, since they were ended."""
    messages: int | None = 90
    """Messages of alerts, since they were delivered or given up."""
    contacts: int | None = 90
    """How to reach whoever reported a mistake, since it was decided."""
    failures: int | None = 365
    """Addresses that could not be read, since they were settled."""


@dataclass(frozen=True, kw_only=True)
class Due:
    """What of a kind is past its days: how many, and the moment before which they are."""

    kind: str
    count: int
    before: dt.datetime


def due(connection: sa.Connection, days: Days, *, at: dt.datetime) -> list[Due]:
    """What would be erased now, by kind; kinds that are kept for ever are not told."""
    return [
        Due(kind=kind, count=len(_KINDS[kind].past(connection, before)), before=before)
        for kind, before in _ends(days, at).items()
    ]


def enforce(store: Store, days: Days, *, at: dt.datetime, who: str) -> list[Due]:
    """Erase what is past its days: rows, bytes in the WARC files, and what the write-ahead log holds of them.

    One transaction, with an entry in the audit log for each kind of which something went. Interrupted before
    the bytes are gone, they go with the next call, or with ``onrecord orders --finish``.
    """
    done = []
    with store.writing() as connection:
        for kind, before in _ends(days, at).items():
            ids = _KINDS[kind].past(connection, before)
            if not ids:
                continue
            _KINDS[kind].erase(connection, ids)
            done.append(Due(kind=kind, count=len(ids), before=before))
            told = {"count": len(ids), "before": before.isoformat()}
            audit.note(connection, "past its days", "retention", kind, who=who, at=at, details=told)
    if done:
        sealing.finish(store)
    return done


@dataclass(frozen=True)
class _Kind:
    """How the ids of what is past a moment are found, and how these are erased."""

    past: Callable[[sa.Connection, dt.datetime], list[str]]
    erase: Callable[[sa.Connection, list[str]], None]


def _ends(days: Days, at: dt.datetime) -> dict[str, dt.datetime]:
    told = {field.name: getattr(days, field.name) for field in dataclasses.fields(days)}
    return {kind: at - dt.timedelta(days=kept) for kind, kept in told.items() if kept is not None}


def _unlinked(connection: sa.Connection, before: dt.datetime) -> list[str]:
    """Captures of articles that the linker read and found nothing in, that nobody judged or fetched since."""
    ids: list[str] = []
    for article in connection.scalars(_about_nothing(before)).all():
        held = erasing.captures_of(connection, article)
        fetched = connection.execute(_UNSEALED.where(captures.c.id.in_(held))).all()
        if all(row.fetched_at < before for row in fetched):
            ids += [row.id for row in fetched]
    return ids


def _about_nothing(before: dt.datetime) -> sa.Select[str]:
    here = article_versions.c.article_id
    found_nothing = sa.exists().where(links.c.article_id == here, links.c.status == "none")
    found = sa.exists().where(links.c.article_id == here, links.c.status != "none")
    judged = sa.exists().where(judgements.c.article_id == here)
    return (
        sa.select(here)
        .join(captures, article_versions.c.capture_id == captures.c.id)
        .where(captures.c.record_type != SEALED, captures.c.fetched_at < before)
        .where(found_nothing, ~found, ~judged)
        .distinct()
    )


def _of_reports(connection: sa.Connection, before: dt.datetime) -> list[str]:
    query = _UNSEALED.join(reports, reports.c.capture_id == captures.c.id)
    return [row.id for row in connection.execute(query.where(captures.c.fetched_at < before).distinct())]


def _seal(connection: sa.Connection, ids: list[str]) -> None:
    erasing.seal_captures(connection, ids)


def _rows_of(*tables: sa.Table, past: tuple[str, ...]) -> _Kind:
    """Rows of these tables, past when one of the moments named is."""

    def found(connection: sa.Connection, before: dt.datetime) -> list[str]:
        ids: list[str] = []
        for table in tables:
            is_past = sa.or_(*(table.c[moment] < before for moment in past))
            ids += connection.scalars(sa.select(table.c.id).where(is_past))
        return ids

    def erase(connection: sa.Connection, ids: list[str]) -> None:
        for table in tables:
            for batch in batches(ids):
                connection.execute(sa.delete(table).where(table.c.id.in_(batch)))

    return _Kind(found, erase)


def _with_contact(connection: sa.Connection, before: dt.datetime) -> list[str]:
    held = corrections.c.contact.is_not(None) & (corrections.c.decided_at < before)
    return list(connection.scalars(sa.select(corrections.c.id).where(held)))


def _without_contact(connection: sa.Connection, ids: list[str]) -> None:
    for batch in batches(ids):
        connection.execute(sa.update(corrections).where(corrections.c.id.in_(batch)).values(contact=None))


_UNSEALED: Final = sa.select(captures.c.id, captures.c.fetched_at).where(captures.c.record_type != SEALED)
_KINDS: Final = {
    "unlinked_captures": _Kind(_unlinked, _seal),
    "people_blocks": _Kind(_of_reports, _seal),
    "sessions": _rows_of(keys, past=("ended_at", "expires")),
    "ended": _rows_of(notes, follows, alerts, past=("ended_at",)),
    "messages": _rows_of(outbox, past=("ended_at",)),
    "contacts": _Kind(_with_contact, _without_contact),
    "failures": _rows_of(failures, past=("settled_at",)),
}
