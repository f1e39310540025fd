"""Answers for anybody, kept exactly until the archive changes: the same question is worked out once.

Unlike ``archive.reading.kept`` it never shows what was so a moment ago, for what somebody's report hides has
to be out of public view at once.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, Final, TypeVar

import sqlalchemy as sa

from storage import assertions, changes

Made = TypeVar("Made")
_MOST: Final = 100
_Moment = tuple[int, int]


class Exact:
    """What was made at a moment of the change sequence and of the log of assertions, by name."""

    def __init__(self) -> None:
        self._held: OrderedDict[Hashable, tuple[_Moment, Any]] = OrderedDict()
        self._lock = Lock()

    def of(self, connection: sa.Connection, name: Hashable, make: Callable[[], Made]) -> Made:
        """What ``make`` gives of the connection's moment, made anew only where that is another."""
        now = changes.last(connection), assertions.last(connection)
        with self._lock:
            held = self._held.get(name)
        if held is not None and held[0] == now:
            kept: Made = held[1]
            return kept
        made = make()
        with self._lock:
            self._held[name] = (now, made)
            self._held.move_to_end(name)
            while len(self._held) > _MOST:
                self._held.popitem(last=False)
        return made
