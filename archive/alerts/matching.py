"""Matching: every alert is led along the two sequences, and what it has to tell goes into the outbox.

What an alert tells, that it told it, and how far it has come are one transaction. Alerts that stand at the
same place are led together: what happened since is read once for all of them.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import sqlalchemy as sa
from starlette.datastructures import QueryParams

from archive import asking
from archive.alerts import leading
from archive.alerts.news import News, Teller
from archive.alerts.window import Reach, Window
from archive.narrowed import among
from archive.telling import LONDON
from storage import alerts, assertions, changes, outbox, sketches, told
from storage.alerts import Alert, Rhythm
from storage.assertions import Assertion
from storage.batches import select_where_in
from storage.errors import UsageMistake
from storage.schema.assertions import assertions as log
from storage.search.errors import NoIndex, QueryFault
from storage.search.searching import SearchIndex
from storage.store import Store

_ONE_BY_ONE: Final = 5  # stories of one look that are told in a message each; more come in one together
_WINDOWS: Final = 10_000  # of one call
_COMPARED_WITHIN: Final = dt.timedelta(hours=2)
"""So long a search waits until an article is compared with the others: it may be a copy of what it told."""


@dataclass(kw_only=True)
class Matched:
    """What one call found: alerts looked at, what they tell, and those that cannot be matched."""

    alerts: int = 0
    items: int = 0
    faults: list[str] = field(default_factory=list)


def match(store: Store, index: SearchIndex, *, at: dt.datetime, hour: int = 7) -> Matched:
    """Lead every alert to the end of what happened; ``hour``: of the London day when digests leave."""
    done = Matched()
    held = reached(index)
    for _ in range(_WINDOWS):
        with store.reading() as connection:
            found = look(connection, index, held, at=at)
        done.alerts = max(done.alerts, len(found))
        if not found:
            break
        _keep(store, found, done, at=at, hour=hour)
    return done


def _place(alert: Alert) -> Reach:
    return Reach(asserted=alert.asserted, changed=alert.changed)


def _compared(connection: sa.Connection, telling: Sequence[Alert], held: int, at: dt.datetime) -> int:
    """How far searches can be led: of what the index holds, to where it is known what is a copy of what."""
    begins = min((alert.changed for alert in telling if alert.what == "search"), default=held)
    first = sketches.first_stale(connection, after=begins, since=at - _COMPARED_WITHIN)
    return held if first is None else min(held, first - 1)


def _goal(alert: Alert, last: Reach, held: int) -> Reach:
    """How far an alert can be led; a search no further than ``held``."""
    if alert.what != "search":
        return last
    return Reach(asserted=last.asserted, changed=max(alert.changed, min(last.changed, held)))


@dataclass(frozen=True, kw_only=True)
class Look:
    """What one alert has to tell up to ``end``."""

    alert: Alert
    end: Reach
    news: News
    fault: str | None = None


def look(connection: sa.Connection, index: SearchIndex, held: int, *, at: dt.datetime) -> list[Look]:
    """What each alert that is behind has to tell, to the end or to that of the first window.

    ``held``: of the change sequence, how far the index is.
    """
    last = Reach(asserted=assertions.last(connection), changed=changes.last(connection))
    groups: dict[tuple[Reach, Reach], list[Alert]] = {}
    telling = alerts.telling(connection)
    held = _compared(connection, telling, held, at)
    for alert in telling:
        goal = _goal(alert, last, held)
        if _place(alert) != goal:
            groups.setdefault((_place(alert), goal), []).append(alert)
    looks = []
    for (start, goal), group in groups.items():
        window = Window(connection, start, goal)
        looks += [_one(connection, index, window, alert, at) for alert in group]
    return looks


def _one(
    connection: sa.Connection, index: SearchIndex, window: Window, alert: Alert, at: dt.datetime
) -> Look:
    teller, fault = Teller(alert, window, window.told.get(alert.id, ())), None
    teller.ended()
    try:
        if alert.what == "search":
            teller.found(_hits(connection, index, window, alert))
        elif alert.what == "lead":
            leading.new_lines(connection, alert, teller.news, at=at)
        else:
            teller.linked()
            teller.reported(window.fitting_reports(alert.what, alert.target))
    except (QueryFault, UsageMistake) as error:
        fault = str(error)
    return Look(alert=alert, end=window.end, news=teller.news, fault=fault)


def _hits(connection: sa.Connection, index: SearchIndex, window: Window, alert: Alert) -> list[str]:
    """What the search finds among what is new: unseen before, or linked since the alert was made."""
    asked = asking.read_search(QueryParams(alert.target))
    index.listed(asked, 1)  # whether it can run at all is told even where nothing is new
    fresh = {id_ for id_ in window.documents["article"] if _is_new(window, id_, alert)}
    others = [id_ for id_ in window.documents["article"] if id_ not in fresh]
    fresh |= _linked_since(connection, others, alert.begun)
    ids = [id_ for id_ in window.documents["article"] if id_ in fresh]
    return among(index, asked, [*ids, *window.documents["report"]])


def _is_new(window: Window, article_id: str, alert: Alert) -> bool:
    row = window.articles.get(article_id)
    return row is not None and row["first_seen"] > alert.made_at


def _linked_since(connection: sa.Connection, ids: Sequence[str], begun: int) -> set[str]:
    """Those linked to something since then that they were not linked to before."""
    query = sa.select(*assertions.COLUMNS).order_by(log.c.seq)
    before: dict[tuple[str, int], Assertion] = {}
    found = set()
    for row in select_where_in(connection, query, log.c.article_id, ids):
        one = Assertion(**row)
        last = before.get(key := (one.article_id, one.mention))
        if one.seq > begun and one.stands and not (last and last.stands and not told.contradicts(last, one)):
            found.add(one.article_id)
        before[key] = one
    return found


def reached(index: SearchIndex) -> int:
    """Up to where the index follows the change sequence; 0 where there is none."""
    try:
        return index.held()
    except NoIndex:
        return 0


def _keep(store: Store, looks: Sequence[Look], done: Matched, *, at: dt.datetime, hour: int) -> None:
    """Each alert with something to tell in a transaction of its own, those with nothing in one."""
    quiet = [look for look in looks if not _tells(look)]
    with store.writing() as connection:
        for look in quiet:
            alerts.move(connection, look.alert, asserted=look.end.asserted, changed=look.end.changed)
    for look in looks:
        if not _tells(look):
            continue
        with store.writing() as connection:
            moved = alerts.move(connection, look.alert, asserted=look.end.asserted, changed=look.end.changed)
            if moved:
                _put(connection, look, at=at, hour=hour)
                done.items += len(look.news.items)
                done.faults += [look.alert.id] if look.fault else []


def _tells(look: Look) -> bool:
    news = look.news
    return bool(news.rows or news.over or news.items or look.fault != look.alert.fault)


def _put(connection: sa.Connection, look: Look, *, at: dt.datetime, hour: int) -> None:
    alert, news = look.alert, look.news
    if look.fault != alert.fault:
        alerts.set_fault(connection, alert.id, look.fault)
    if look.fault and not alert.fault:
        notice = f"Your alert on “{alert.title}” cannot be matched any more: {look.fault}"
        outbox.put(connection, alert.id, "notice", [{"notice": notice}], at=at, due=at)
    told.add(connection, alert.id, news.rows)
    told.finish(connection, news.over)
    due = next_slot(alert.rhythm, at, hour)
    stories = news.by_story()
    waiting = outbox.open_one(connection, alert.id)
    gathers = alert.rhythm != "instant" or (waiting is not None and len(waiting.items) > _ONE_BY_ONE)
    if alert.rhythm == "instant" and len(stories) <= _ONE_BY_ONE and not gathers:
        for items in stories:
            outbox.put(connection, alert.id, "news", items, at=at, due=due)
    elif waiting and gathers and stories:
        outbox.append(connection, waiting, news.items)
    elif stories:
        outbox.put(connection, alert.id, "news", news.items, at=at, due=due)


def next_slot(rhythm: Rhythm, at: dt.datetime, hour: int) -> dt.datetime:
    """When what is found now is sent: at once, or at that hour of London's next day, or next Monday."""
    if rhythm == "instant":
        return at
    local = at.astimezone(LONDON)
    slot = local.replace(hour=hour, minute=0, second=0, microsecond=0)
    while slot <= local or (rhythm == "weekly" and slot.weekday() != 0):
        slot = (slot + dt.timedelta(days=1)).replace(hour=hour)
    return slot.astimezone(dt.UTC)
