"""How often a host is asked, whoever asks: its pace, its robots.txt, and when it wants to be left alone.

One ``Courtesy`` serves all spiders of a process, so two sources on one host share its pace.
"""

import asyncio
import contextlib
import datetime as dt
import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import Final

from crawler.errors import HostWaits
from crawler.reservations import Rules
from crawler.robots import Robots
from storage.hosts import LONGEST_WAIT

_SHORT: Final = 20.0  # seconds of waiting that a run sits out; for more, its addresses are left for later
_SILENT = dt.timedelta(minutes=10)  # after "too many requests" without a time that can be read
_LEAST_DELAY, _MOST_DELAY = 0.5, 60.0  # seconds between two requests to a host
_AT_ONCE = 4  # requests under way to one host
_BUSY = frozenset({429, 500, 502, 503, 504})


@dataclass(frozen=True, kw_only=True)
class HostRules:
    """What a host's own files say."""

    robots: Robots
    reserved: Rules = ()


@dataclass(kw_only=True)
class _Host:
    served: bool  # by ourselves, or a test: asked without delay
    delay: float = 1.0
    asked_delay: float = 0.0  # robots.txt's crawl-delay
    next_turn: float = 0.0
    until: dt.datetime | None = None
    under_way: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(_AT_ONCE))


class Courtesy:
    """The manners of one crawling process. ``at``: its moment, from which waits are counted."""

    def __init__(
        self,
        *,
        at: dt.datetime,
        served: Collection[str] = (),
        waits: Mapping[str, dt.datetime] | None = None,
        note: Callable[[str, dt.datetime], Awaitable[None]] | None = None,
    ) -> None:
        """``waits``: hosts not to be asked before a time; ``note`` keeps such a time beyond this run."""
        self._at, self._begun = at, time.monotonic()
        self._served, self._note = frozenset(served), note
        self._hosts: dict[str, _Host] = {}
        self.rules: dict[str, asyncio.Future[HostRules]] = {}
        for name, until in (waits or {}).items():
            self._host(name).until = until

    def now(self) -> dt.datetime:
        """The crawl's moment and what has passed since, whatever the system's clock does."""
        return self._at + dt.timedelta(seconds=time.monotonic() - self._begun)

    def obey(self, name: str, delay: float) -> None:
        """Leave at least so many seconds between two requests, as the host's robots.txt asks."""
        self._host(name).asked_delay = delay

    @contextlib.asynccontextmanager
    async def turn(self, name: str) -> AsyncIterator[None]:
        """Wait for the host's turn; HostWaits when it asked, before or meanwhile, for a long one."""
        host = self._host(name)
        self._left(name)
        async with contextlib.nullcontext() if host.served else host.under_way:
            while True:
                starts = max(time.monotonic() + self._left(name), host.next_turn)
                pause = max(0.0 if host.served else host.delay * random.uniform(0.8, 1.2), host.asked_delay)  # noqa: S311
                host.next_turn = starts + pause
                await asyncio.sleep(starts - time.monotonic())
                if not self._left(name):  # nor did it ask to be left alone while this one slept
                    break
            yield

    def _left(self, name: str) -> float:
        """Seconds for which the host wants to be left alone; HostWaits for more than a short wait."""
        until = self._host(name).until
        left = (until - self.now()).total_seconds() if until else 0.0
        if until and left > _SHORT:
            raise HostWaits(name, until)
        return max(round(left, 2), 0.0)

    async def answered(self, name: str, status: int, headers: Mapping[str, str], seconds: float) -> None:
        """Learn from an answer: its pace, and how long the host wants to be left alone."""
        host = self._host(name)
        if status in _BUSY:
            host.delay = min(max(2 * host.delay, 1.0), _MOST_DELAY)
        else:  # towards one request under way at a time, as Scrapy's AutoThrottle goes
            host.delay = min(max(_LEAST_DELAY, (host.delay + seconds) / 2, seconds), _MOST_DELAY)
        if status not in {429, 503}:
            return
        wait = retry_after(headers.get("retry-after"), headers.get("date"), self.now())
        if wait is None and status == 429:
            wait = _SILENT
        if wait:
            host.until = max(host.until or self.now(), self.now() + wait)
            if self._note:
                await self._note(name, host.until)

    def _host(self, name: str) -> _Host:
        return self._hosts.setdefault(name, _Host(served=name in self._served))


def retry_after(said: str | None, date: str | None, now: dt.datetime) -> dt.timedelta | None:
    """How long a host asks to be left alone, by its own clock (``date``); None where it cannot be read."""
    if not said:
        return None
    words = said.strip()
    if words.isascii() and words.isdigit():
        seconds = int(words) if len(words) < 12 else int(LONGEST_WAIT.total_seconds())
        return min(dt.timedelta(seconds=seconds), LONGEST_WAIT)
    until, told = _moment(words), _moment(date or "")
    if until is None:
        return None
    return min(max(until - (told or now), dt.timedelta(0)), LONGEST_WAIT)


def _moment(text: str) -> dt.datetime | None:
    try:
        read = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return read if read.tzinfo else read.replace(tzinfo=dt.UTC)
