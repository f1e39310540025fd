"""Work within bounds, searches and others: each has its time, and each person or token so many at once.

The index has no way to stop a search, so one that overruns is left to finish in its lane; it goes on
counting against whoever asked for it, and there are more lanes than one person may fill.
"""

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from starlette.requests import Request

from archive.errors import TookTooLong, TooMuchAtOnce
from archive.guard import visit_of
from storage.search.searching import SearchIndex
from storage.store import Store

T = TypeVar("T")
Of = TypeVar("Of")


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How long a search may take, and how many one person or token may have under way."""

    seconds: float = 1.0
    at_once: int = 4


class Lanes(Generic[Of]):
    """Runs what is asked of something in a few threads of its own; ``under_way`` counts by who asked.

    ``what`` is the work in a word, ``full`` says what one has under way at most, and ``instead`` what to do
    where it takes too long.
    """

    def __init__(self, of: Of, limits: Limits, *, what: str, full: str, instead: str, lanes: int) -> None:
        self.of, self.limits = of, limits
        self._what, self._full, self._instead = what, full, instead
        self._lanes = ThreadPoolExecutor(max_workers=lanes, thread_name_prefix=what)
        self.under_way: Counter[str] = Counter()
        self._lock = threading.Lock()

    def run(self, who: str, ask: Callable[[Of], T], *, patience: float = 1.0) -> T:
        """What ``ask`` gets; TooMuchAtOnce or TookTooLong where it is beyond the limits.

        ``patience``: how many times longer than usual it may take.
        """
        seconds = self.limits.seconds * patience
        with self._lock:
            if self.under_way[who] >= self.limits.at_once:
                raise TooMuchAtOnce(f"{self._full} still under way; try again in a second")
            self.under_way[who] += 1
        asked = self._lanes.submit(ask, self.of)
        asked.add_done_callback(lambda done: self._ended(who, done))
        try:
            return asked.result(timeout=seconds)
        except TimeoutError:
            asked.cancel()
            raise TookTooLong(
                f"the {self._what} took longer than {seconds:g} s and was given up; {self._instead}"
            ) from None

    def _ended(self, who: str, done: Future[Any]) -> None:
        with self._lock:
            self.under_way[who] -= 1
            if not self.under_way[who]:
                del self.under_way[who]


class Searches(Lanes[SearchIndex]):
    """Searches in the index."""

    def __init__(self, index: SearchIndex, limits: Limits) -> None:
        instead = "ask for fewer or rarer words, without beginnings*"
        full = f"{limits.at_once} searches of yours are"
        super().__init__(index, limits, what="search", full=full, instead=instead, lanes=8)


class Texts(Lanes[Store]):
    """Texts linked against the store's record; the first one after the record changed reads it again."""

    def __init__(self, store: Store) -> None:
        limits = Limits(seconds=60.0, at_once=1)
        instead = "send less of the text, or ask again: the record is read by then"
        super().__init__(store, limits, what="text", full="a text of yours is", instead=instead, lanes=2)


def whose(request: Request) -> str:
    """Who asks, for what one person or token may have under way."""
    person = visit_of(request).person
    return (person.user_id or person.key_id) if person else ""
