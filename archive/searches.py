"""Searches within bounds: each has its time, and each person or token so many at once.

The index has no way to stop a search, so one that overruns is left to finish in its lane; it goes on
counting against whoever asked for it, and there are more lanes than one person may fill.
"""

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from starlette.requests import Request

from archive.errors import TookTooLong, TooMuchAtOnce
from archive.guard import visit_of
from storage.search.searching import SearchIndex

_LANES: Final = 8
T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How long a search may take, and how many one person or token may have under way."""

    seconds: float = 1.0
    at_once: int = 4


class Searches:
    """Runs what is asked of the index, in a few threads of its own; ``under_way`` counts by who asked."""

    def __init__(self, index: SearchIndex, limits: Limits) -> None:
        self.index, self.limits = index, limits
        self._lanes = ThreadPoolExecutor(max_workers=_LANES, thread_name_prefix="search")
        self.under_way: Counter[str] = Counter()
        self._lock = threading.Lock()

    def run(self, who: str, ask: Callable[[SearchIndex], T], *, patience: float = 1.0) -> T:
        """What ``ask`` gets from the index; TooMuchAtOnce or TookTooLong where it is beyond the limits.

        ``patience``: how many times longer than a search it may take.
        """
        seconds = self.limits.seconds * patience
        with self._lock:
            if self.under_way[who] >= self.limits.at_once:
                raise TooMuchAtOnce(
                    f"{self.limits.at_once} searches of yours are still under way; try again in a second"
                )
            self.under_way[who] += 1
        asked = self._lanes.submit(ask, self.index)
        asked.add_done_callback(lambda done: self._ended(who, done))
        try:
            return asked.result(timeout=seconds)
        except TimeoutError:
            asked.cancel()
            raise TookTooLong(
                f"the search took longer than {seconds:g} s and was given up;"
                " ask for fewer or rarer words, without beginnings*"
            ) from None

    def _ended(self, who: str, done: Future[Any]) -> None:
        with self._lock:
            self.under_way[who] -= 1
            if not self.under_way[who]:
                del self.under_way[who]


def whose(request: Request) -> str:
    """Who asks, for what one person or token may have under way."""
    person = visit_of(request).person
    return (person.user_id or person.key_id) if person else ""
