"""Counts over the whole archive, kept until the archive changes."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, Final, TypeVar

import sqlalchemy as sa

from storage import changes

Made = TypeVar("Made")
_MOST: Final = 200


class Kept:
    """What was counted at a moment of the change sequence, by name, until the archive changes."""

    def __init__(self) -> None:
        self._held: OrderedDict[Hashable, tuple[int, Any]] = OrderedDict()
        self._lock = Lock()

    def of(self, connection: sa.Connection, name: Hashable, make: Callable[[sa.Connection], Made]) -> Made:
        """What ``make`` gives at the moment that the connection sees."""
        newest = changes.last(connection)
        with self._lock:
            held = self._held.get(name)
            if held is not None and held[0] == newest:
                self._held.move_to_end(name)
                kept: Made = held[1]
                return kept
        made = make(connection)
        with self._lock:
            self._held[name] = (newest, made)
            while len(self._held) > _MOST:
                self._held.popitem(last=False)
        return made
