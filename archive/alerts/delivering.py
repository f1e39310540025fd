"""Delivering what waits in the outbox: all targets side by side, the messages of one target in a row.

An attempt is noted, made, and its end noted. A target that fails or is slow costs itself its turn and
nobody else: it is left alone until the next call. Every attempt has a deadline.
"""

import asyncio
import datetime as dt
import functools
import logging
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

import aiohttp
import sqlalchemy as sa

from archive.alerts import chats, emails, webhooks, wording
from archive.alerts.letters import Letter
from archive.alerts.post import Post
from archive.errors import Undelivered
from storage import alerts, outbox, told
from storage.alerts import Alert
from storage.outbox import Item, Message
from storage.store import Store
from storage.told import Told

Clock = Callable[[], dt.datetime]
_Waiting = tuple[Message, Alert | None]
_TARGETS: Final = 64  # served at once
_LANES: Final = 16  # threads for mail servers and chats, which block
_log = logging.getLogger(__name__)


@dataclass(kw_only=True)
class Tally:
    """What one call did."""

    delivered: int = 0
    failed: int = 0
    dead: int = 0


def deliver(store: Store, post: Post, clock: Clock) -> Tally:
    """Send what is due; returns once each target has taken all of it, or failed once.

    Where an attempt cannot be noted (the disk is full), what stopped it is raised, and the rest waits.
    """
    with ThreadPoolExecutor(_LANES, thread_name_prefix="post") as lanes:
        try:
            return asyncio.run(_Round(store, post, clock, lanes).run())
        except ExceptionGroup as several:
            raise several.exceptions[0] from None


def target_of(message: Message, alert: Alert | None, post: Post) -> str:
    """What is served one message at a time."""
    channel, address = _to(alert, post)
    if channel == "webhook":
        return f"webhook {urlsplit(address).netloc.lower()}"
    return "mail" if channel == "email" else f"chat {address}"


def _to(alert: Alert | None, post: Post) -> tuple[alerts.Channel, str]:
    """Where a message goes; without an alert, to the operator."""
    if alert is not None:
        return alert.channel, alert.address
    operator = post.operator or ""
    return ("email" if "@" in operator else "chat"), operator


class _Round:
    """One call: which targets were given up for now, and what was done."""

    def __init__(self, store: Store, post: Post, clock: Clock, lanes: ThreadPoolExecutor) -> None:
        self.store, self.post, self.clock, self.lanes = store, post, clock, lanes
        self.tally = Tally()
        self.lasting: dict[str, Alert] = {}
        self._tried: set[str] = set()

    async def run(self) -> Tally:
        async with webhooks.session(self.post.hosts) as client:
            at_once = asyncio.Semaphore(_TARGETS)
            targets = await asyncio.to_thread(self._due)
            async with asyncio.TaskGroup() as group:
                for waiting in targets.values():
                    group.create_task(self._serve(waiting, client, at_once))
        return self.tally

    def _due(self, alert_ids: Collection[str | None] | None = None) -> dict[str, list[_Waiting]]:
        """By target what is to be sent now and was not tried in this call."""
        with self.store.reading() as connection:
            if alert_ids is None:
                self.lasting = {alert.id: alert for alert in alerts.lasting(connection)}
            waiting = outbox.due(connection, alert_ids, at=self.clock())
        found: dict[str, list[_Waiting]] = {}
        for message in waiting:
            alert = self.lasting.get(message.alert_id or "")
            if message.id not in self._tried and self._may_go(message, alert):
                found.setdefault(target_of(message, alert, self.post), []).append((message, alert))
        self._forget([one for one in waiting if one.alert_id and one.alert_id not in self.lasting])
        return found

    def _may_go(self, message: Message, alert: Alert | None) -> bool:
        if message.alert_id is None:
            return self.post.operator is not None
        if alert is None:
            return False
        return alert.state == "on" or (alert.state == "unconfirmed" and message.kind == "confirm")

    def _forget(self, ended: Sequence[Message]) -> None:
        """Nobody wants these any more."""
        if ended:
            with self.store.writing() as connection:
                for message in ended:
                    outbox.end(connection, message.id, "empty", at=self.clock())

    async def _serve(
        self, waiting: list[_Waiting], client: aiohttp.ClientSession, at_once: asyncio.Semaphore
    ) -> None:
        """Send a target what waits, and what comes after it, until it fails."""
        alert_ids = {message.alert_id for message, _ in waiting}
        async with at_once:
            while waiting:
                for message, alert in waiting:
                    self._tried.add(message.id)
                    if not await self._attempt(message, alert, client):
                        return
                next_ones = await asyncio.to_thread(self._due, alert_ids)
                waiting = [one for several in next_ones.values() for one in several]

    async def _attempt(self, message: Message, alert: Alert | None, client: aiohttp.ClientSession) -> bool:
        """Try it once; whether the target may be given the next one."""
        taken = await asyncio.to_thread(self._take, message.id, alert)
        if taken is None:
            return True
        claimed, letter = taken
        fault = await self._faulted(letter, client)
        await asyncio.to_thread(self._note, claimed, alert, fault)
        return fault is None or fault.only_this

    def _take(self, message_id: str, alert: Alert | None) -> tuple[Message, Letter] | None:
        """Note the attempt, and put the message into words; None where nothing is left to tell."""
        at = self.clock()
        with self.store.writing() as connection:
            message = outbox.claim(connection, message_id, at=at)
            if message is None:
                return None
            if message.kind == "news" and message.attempts == 1:
                items = still_to_tell(connection, message.items)
                outbox.tells(connection, message.id, items)
                if not items:
                    outbox.end(connection, message.id, "empty", at=at)
                    return None
                told.carry(connection, [item["item"] for item in items])
                message = outbox.get(connection, message_id)
            return message, wording.letter(connection, message, alert, self.post, at=at)

    async def _faulted(self, letter: Letter, client: aiohttp.ClientSession) -> Undelivered | None:
        try:
            async with asyncio.timeout(self.post.patience):
                await self._send(letter, client)
        except Undelivered as fault:
            return fault
        except TimeoutError:
            return Undelivered("the target took too long")
        except Exception:
            _log.exception("message %s could not be sent", letter.id)
            return Undelivered("sending it broke here; the log says how")
        return None

    async def _send(self, letter: Letter, client: aiohttp.ClientSession) -> None:
        channel, address = _to(letter.alert, self.post)
        if channel == "webhook":
            await webhooks.post(client, letter, self.post.hosts)
        elif channel == "email":
            if self.post.mail is None:
                raise Undelivered("no mail server is set: [alerts.mail] in onrecord.toml")
            await self._in_lane(
                functools.partial(emails.send, self.post.mail, letter, address, patience=self.post.patience)
            )
        else:
            chat = self.post.chats.get(address)
            if chat is None:
                raise Undelivered(f"no chat of that name is set: [alerts.chats.{address}] in onrecord.toml")
            await self._in_lane(functools.partial(chats.send, chat, letter))

    async def _in_lane(self, send: Callable[[], None]) -> None:
        await asyncio.get_running_loop().run_in_executor(self.lanes, send)

    def _note(self, message: Message, alert: Alert | None, fault: Undelivered | None) -> None:
        at = self.clock()
        with self.store.writing() as connection:
            if fault is None:
                outbox.end(connection, message.id, "delivered", at=at)
                self.tally.delivered += 1
                return
            keep = dt.timedelta(0) if fault.gone else self.post.keep
            state = outbox.failed(connection, message, str(fault), at=at, keep=keep)
            if fault.gone and alert is not None:
                alerts.pause(connection, alert.id, at=at)
        self.tally.failed += 1
        self.tally.dead += state == "dead"


def still_to_tell(connection: sa.Connection, items: Sequence[Item]) -> list[dict[str, Any]]:
    """What of the items is news when they first leave: nothing that is over, or corrects what never left."""
    rows = told.of_items(connection, [item["item"] for item in items])
    left: dict[str, dict[str, Any]] = {}
    for item in items:
        if event := _by_now(item["event"], rows.get(item["item"], ())):
            left[item["item"]] = {**item, "event": event}
    return list(left.values())


def _by_now(event: str, rows: Sequence[Told]) -> str | None:
    carried, over = any(row.carried for row in rows), all(row.over for row in rows)
    if event in ("withdrawn", "gone"):
        return event if carried else None
    if over:
        return None
    return "linked" if event == "corrected" and not carried else event
