"""The frontier: every address a source led to, whether it was fetched, and when to look again.

An address waits until a run claims it, and is finished in the transaction that keeps what it gave. What a
killed run had claimed goes back to waiting.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import sqlalchemy as sa

from storage import barred
from storage.addresses import canonical
from storage.batches import batches, select_where_in
from storage.ids import opaque_id
from storage.schema.crawl import frontier

_MOST_ATTEMPTS: Final = 13  # at an address that is blocked or out of reach, before it is left
_FIRST_WAIT, _LONGEST_WAIT = dt.timedelta(hours=1), dt.timedelta(days=1)

_SLACK: Final = dt.timedelta(hours=1)  # by which the clocks of two machines may differ

# Built once: it is run for every page, and building it costs more than running it.
_FINISH = (
    sa.update(frontier)
    .where(frontier.c.id == sa.bindparam("entry"))
    .values(
        state=sa.bindparam("new_state"),
        due=sa.bindparam("next"),
        claimed_by=None,
        attempts=frontier.c.attempts * sa.bindparam("tries_kept"),
        fetched_at=sa.bindparam("now"),
        outcome=sa.bindparam("new_outcome"),
        reason=sa.bindparam("new_reason"),
        etag=sa.func.coalesce(sa.bindparam("new_etag", type_=sa.String), frontier.c.etag),
        last_modified=sa.func.coalesce(
            sa.bindparam("new_last_modified", type_=sa.String), frontier.c.last_modified
        ),
        digest=sa.func.coalesce(sa.bindparam("new_digest", type_=sa.String), frontier.c.digest),
    )
)


@dataclass(frozen=True, kw_only=True)
class Found:
    """An address that a feed, a listing or a page led to.

    ``hints``: what was said of it there (title, published, modified); a later ``modified`` than the one
    known makes the address due again.
    """

    url: str
    kind: str
    found_on: str | None = None
    depth: int = 0
    hints: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Entry:
    """An address that a run has claimed."""

    id: str
    source_id: str
    url: str
    kind: str
    depth: int
    attempts: int
    found_at: dt.datetime
    hints: Mapping[str, Any]
    etag: str | None = None
    last_modified: str | None = None
    digest: str | None = None
    fetched_at: dt.datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Answer:
    """How a claimed address was answered.

    ``again``: when it is due next, None for never. ``settled``: false where the next try is one more of
    the same, so that tries are counted on.
    """

    outcome: str
    at: dt.datetime
    reason: str | None = None
    again: dt.datetime | None = None
    settled: bool = True
    left: bool = False  # of no interest: it stays so until ``reconsider``, whatever is said of it
    etag: str | None = None
    last_modified: str | None = None
    digest: str | None = None


def add(connection: sa.Connection, source_id: str, found: Iterable[Found], *, at: dt.datetime) -> int:
    """Let addresses wait that are new, or were changed since they were fetched; how many those are."""
    found = list(found)
    refused = barred.among(connection, [one.url for one in found])
    by_id = {_identify(source_id, one): one for one in found if one.url not in refused}
    query = sa.select(frontier.c.id, frontier.c.hints, frontier.c.fetched_at)
    rows = [*select_where_in(connection, query, frontier.c.id, by_id)]
    known: dict[str, Mapping[str, Any]] = {row["id"]: row["hints"] for row in rows}
    new = [_row(id_, source_id, one, at) for id_, one in by_id.items() if id_ not in known]
    if new:
        connection.execute(sa.insert(frontier), new)
    changed = [
        row["id"]
        for row in rows
        if _later(by_id[row["id"]].hints, row["hints"])
        and (
            _told_before(row["hints"], row["fetched_at"], at)
            or not _fetched_since(by_id[row["id"]].hints["modified"], row["fetched_at"], at)
        )
    ]
    for id_ in changed:
        connection.execute(
            sa.update(frontier)
            .where(frontier.c.id == id_, frontier.c.state.not_in(["claimed", "left"]))
            .values(state="waiting", due=at, attempts=0, hints={**known[id_], **by_id[id_].hints})
        )
    return len(new) + len(changed)


def begin_at(connection: sa.Connection, source_id: str, starts: Iterable[Found], *, at: dt.datetime) -> None:
    """Let the addresses where a run begins wait from ``at`` on, known or not."""
    starts = list(starts)
    add(connection, source_id, starts, at=at)
    for some in batches([_identify(source_id, start) for start in starts]):
        _wait_again(connection, frontier.c.id.in_(some), at)


def mend(connection: sa.Connection, source_id: str, *, at: dt.datetime) -> None:
    """Let wait from ``at`` on what was found or fetched in the future, by a clock that was wrong."""
    told = sa.func.coalesce(frontier.c.fetched_at, frontier.c.found_at)
    wrong = (frontier.c.source_id == source_id) & (frontier.c.state == "waiting") & (told > at + _SLACK)
    connection.execute(sa.update(frontier).where(wrong, frontier.c.due > at).values(due=at))


def make_due(
    connection: sa.Connection,
    source_id: str,
    kinds: Iterable[str],
    *,
    at: dt.datetime,
    outcome: str | None = None,
) -> None:
    """Let every address of these kinds (that ended so) wait again, but for those of no interest."""
    condition = (frontier.c.source_id == source_id) & frontier.c.kind.in_(list(kinds))
    if outcome:
        condition &= frontier.c.outcome == outcome
    _wait_again(connection, condition & (frontier.c.state != "left"), at)


def reconsider(connection: sa.Connection, source_id: str, *, except_for: str, at: dt.datetime) -> None:
    """Let wait again what was of no interest by another rule than the one whose mark its reason bears."""
    left = (frontier.c.source_id == source_id) & (frontier.c.state == "left")
    # What was taken down is left for no reason that a rule could change: there, the reason is null.
    _wait_again(connection, left & frontier.c.reason.not_like(f"%({except_for})"), at)


def _wait_again(connection: sa.Connection, condition: sa.ColumnElement[bool], at: dt.datetime) -> None:
    connection.execute(sa.update(frontier).where(condition).values(state="waiting", due=at, attempts=0))


def give_back(connection: sa.Connection, source_id: str) -> int:
    """Let wait again what a killed run had claimed; no other run of the source may be going on.

    The claim does not count as a try: a page cannot kill a crawl, since it is read in a process of its own.
    """
    claimed = (frontier.c.source_id == source_id) & (frontier.c.state == "claimed")
    given_back = connection.execute(
        sa.update(frontier)
        .where(claimed)
        .values(state="waiting", claimed_by=None, attempts=frontier.c.attempts - 1)
    )
    return given_back.rowcount


def claim(
    connection: sa.Connection, source_id: str, run_id: str, *, limit: int, at: dt.datetime
) -> list[Entry]:
    """Up to ``limit`` addresses that are due by ``at``, the nearest to a start first, now the run's own."""
    columns = [frontier.c[name] for name in Entry.__dataclass_fields__]
    query = (
        sa.select(*columns)
        .where(frontier.c.source_id == source_id, frontier.c.state == "waiting", frontier.c.due <= at)
        .order_by(frontier.c.depth, frontier.c.due, frontier.c.id)
        .limit(limit)
    )
    claimed = [Entry(**row._mapping) for row in connection.execute(query)]
    connection.execute(
        sa.update(frontier)
        .where(frontier.c.id.in_([entry.id for entry in claimed]))
        .values(state="claimed", claimed_by=run_id, attempts=frontier.c.attempts + 1)
    )
    return claimed


def finish(connection: sa.Connection, entry_id: str, answer: Answer) -> None:
    """Record how a claimed address was answered; validators that the answer lacks stay as they were."""
    row = {
        "entry": entry_id,
        "new_state": "left" if answer.left else "waiting" if answer.again else "done",
        "next": answer.again or answer.at,
        "tries_kept": 0 if answer.settled else 1,
        "now": answer.at,
        "new_outcome": answer.outcome,
        "new_reason": answer.reason,
        "new_etag": answer.etag,
        "new_last_modified": answer.last_modified,
        "new_digest": answer.digest,
    }
    connection.execute(_FINISH, row)


def next_try(attempts: int, at: dt.datetime) -> dt.datetime | None:
    """When to try again what was tried in vain so many times before; None where it is left.

    The waits double up to a day and are eight days together: whoever was out of reach over a long weekend, or
    for a week, is asked again for everything that it was asked for meanwhile.
    """
    return at + min(_FIRST_WAIT * int(2**attempts), _LONGEST_WAIT) if attempts < _MOST_ATTEMPTS - 1 else None


def waiting(connection: sa.Connection, source_id: str, *, at: dt.datetime) -> int:
    """How many addresses are due by ``at``."""
    condition = (frontier.c.source_id == source_id) & (frontier.c.state == "waiting") & (frontier.c.due <= at)
    return connection.execute(sa.select(sa.func.count()).where(condition)).scalar_one()


def _identify(source_id: str, found: Found) -> str:
    return opaque_id("page", source_id, canonical(found.url))


def _row(id_: str, source_id: str, found: Found, at: dt.datetime) -> dict[str, Any]:
    return {
        "id": id_,
        "source_id": source_id,
        "url": found.url,
        "kind": found.kind,
        "state": "waiting",
        "due": at,
        "depth": found.depth,
        "found_at": at,
        "found_on": found.found_on,
        "hints": dict(found.hints),
    }


def _later(now: Mapping[str, Any], before: Mapping[str, Any]) -> bool:
    """Whether the address is now said to have changed since it was last said to."""
    modified = now.get("modified")
    return bool(modified) and str(modified) > str(before.get("modified") or before.get("published") or "")


def _told_before(before: Mapping[str, Any], fetched_at: dt.datetime | None, at: dt.datetime) -> bool:
    """Whether an earlier crawl was told of a change too: a later one is new, though its clock be behind."""
    return bool(before.get("modified")) and fetched_at is not None and fetched_at < at


def _fetched_since(modified: object, fetched_at: dt.datetime | None, at: dt.datetime) -> bool:
    """Whether what was fetched has that change already: a feed and a sitemap date one article differently.

    Of a day alone that is sure when it is over, and taken so of what this very crawl fetched.
    """
    if fetched_at is None:
        return False
    try:
        moment = dt.datetime.fromisoformat(str(modified))
    except ValueError:
        return fetched_at >= at
    if len(str(modified)) == len("2024-01-31"):
        return fetched_at >= at or moment.date() < fetched_at.date()
    return (moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)) <= fetched_at
