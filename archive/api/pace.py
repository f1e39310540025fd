"""How many answers one token, or one address without a token, gets in a minute."""

import threading
from collections import OrderedDict
from dataclasses import dataclass
from typing import Final

_REMEMBERED: Final = 10_000


@dataclass(slots=True)
class _Bucket:
    held: float
    at: float


class Pace:
    """A bucket for each who asks: full it holds a minute's answers, and it fills evenly."""

    def __init__(self, a_minute: int = 1_200) -> None:
        self.a_minute = a_minute
        self._by_who: OrderedDict[str, _Bucket] = OrderedDict()
        self._lock = threading.Lock()

    def wait(self, who: str, now: float) -> float:
        """Take one answer at ``now`` (seconds); how many seconds are missing until there is one, or 0."""
        each = self.a_minute / 60
        with self._lock:
            bucket = self._by_who.setdefault(who, _Bucket(self.a_minute, now))
            self._by_who.move_to_end(who)
            while len(self._by_who) > _REMEMBERED:
                self._by_who.popitem(last=False)
            bucket.held = min(self.a_minute, bucket.held + (now - bucket.at) * each)
            bucket.at = now
            if bucket.held < 1:
                return (1 - bucket.held) / each
            bucket.held -= 1
            return 0.0
