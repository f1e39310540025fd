"""What a schedule calls: find what is to be told, send what is due, tell the operator what fails."""

import contextlib
import datetime as dt
from collections import Counter
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

from archive.alerts import alarming
from archive.alerts.delivering import Clock, Tally, deliver
from archive.alerts.matching import Matched, look, match, reached
from archive.alerts.post import Post
from storage import alerts, outbox
from storage.outbox import Message
from storage.search.errors import IndexerBusy
from storage.search.indexer import open_indexer
from storage.search.searching import SearchIndex
from storage.store import Store

_TOLD_AFTER: Final = dt.timedelta(hours=1)
"""For so long a target may fail before the operator hears of it: most come back by themselves."""


@dataclass(frozen=True, kw_only=True)
class Sent:
    """What one call did."""

    matched: Matched
    tally: Tally


def send(store: Store, post: Post, clock: Clock) -> Sent:
    """Match every alert, deliver what is due; may be called as often as one likes, by several at once."""
    with contextlib.suppress(IndexerBusy), open_indexer(store) as indexer:
        indexer.catch_up()  # where no other process does: searches are told of no further than it reaches
    matched = match(store, SearchIndex.of(store), at=clock(), hour=post.hour)
    tally = deliver(store, post, clock)
    if post.operator and any([_tell_failures(store, at=clock()), alarming.alarm(store, at=clock())]):
        told = deliver(store, post, clock)
        tally.delivered, tally.failed = tally.delivered + told.delivered, tally.failed + told.failed
    return Sent(matched=matched, tally=tally)


def wanted(store: Store) -> bool:
    """Whether there is any alert."""
    with store.reading() as connection:
        return bool(alerts.lasting(connection))


@dataclass(frozen=True, kw_only=True)
class Preview:
    """What an alert would tell: stories that are new, and messages that are due already."""

    alert: str
    new: int
    due: int
    fault: str | None


def preview(store: Store, *, at: dt.datetime) -> list[Preview]:
    """What ``send`` would find and try first; nothing is written."""
    index = SearchIndex.of(store)
    with store.reading() as connection:
        looks = {one.alert.id: one for one in look(connection, index, reached(index), at=at)}
        due = Counter(one.alert_id for one in outbox.due(connection, at=at) if one.alert_id)
        titles = {one.id: one.title for one in alerts.lasting(connection)}
    found = [
        Preview(
            alert=f"{id_} ({title})",
            new=len(looks[id_].news.by_story()) if id_ in looks else 0,
            due=due[id_],
            fault=looks[id_].fault if id_ in looks else None,
        )
        for id_, title in titles.items()
    ]
    return [one for one in found if one.new or one.due or one.fault]


def _tell_failures(store: Store, *, at: dt.datetime) -> bool:
    """Put into the outbox, once for each spell of failures, which alerts fail and why."""
    with store.reading() as connection:
        failing = [one for one in _failing(connection, at) if not _is_told(connection, one)]
        lasting = {one.id: one for one in alerts.lasting(connection)}
    notices = []
    for message in failing:
        if (alert := lasting.get(message.alert_id or "")) is not None:
            state = "was given up" if message.state == "dead" else "is tried again"
            told = f"The alert {alert.id} ({alert.channel}) fails: {message.fault}; its message {state}."
            notices.append({"notice": told, "alert": alert.id})
    if notices:
        with store.writing() as connection:
            outbox.put(connection, None, "notice", notices, at=at, due=at)
    return bool(notices)


def _failing(connection: sa.Connection, at: dt.datetime) -> list[Message]:
    """The oldest message of each alert that fails for long, or was given up for a fault."""
    long = [one for one in outbox.failing(connection) if at - (one.first_tried_at or at) >= _TOLD_AFTER]
    dead = [one for one in outbox.listed(connection, states=["dead"]) if one.alert_id]
    return list({one.alert_id: one for one in [*dead, *long] if one.alert_id}.values())


def _is_told(connection: sa.Connection, failing: Message) -> bool:
    since = failing.first_tried_at or failing.made_at
    return any(
        item.get("alert") == failing.alert_id
        for notice in outbox.notices(connection, since=since)
        for item in notice.items
    )
