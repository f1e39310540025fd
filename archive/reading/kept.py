"""Counts over the whole archive, kept until the archive changes.

Where a recounter runs (``archive.recounting``), what takes long to count is never counted while somebody
waits for a page: the count before stands until the new one is made, a moment later. An order or an erasure
is the exception, which no count may outlive.
"""

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from threading import Lock
from typing import Any, Final, TypeVar

import sqlalchemy as sa

from storage import changes
from storage.schema.people import changes as change_table
from storage.schema.work import orders

Made = TypeVar("Made")
Make = Callable[[sa.Connection], Any]
_MOST: Final = 200
_LONG: Final = 0.05  # seconds: what is counted faster than this is always of the moment
_WANTED: Final = 3_600.0  # seconds after which what nobody asks for is not counted anew


@dataclass(slots=True, kw_only=True)
class _Count:
    seq: int
    orders: tuple[int, int]
    made: Any
    make: Make
    took: float
    asked_at: float


class Kept:
    """What was counted at a moment of the change sequence, by name, until the archive changes."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.recounted = False
        """Whether somebody calls ``recount`` again and again."""
        self._held: OrderedDict[Hashable, _Count] = OrderedDict()
        self._clock = clock
        self._lock = Lock()

    def __contains__(self, name: Hashable) -> bool:
        return name in self._held

    def of(self, connection: sa.Connection, name: Hashable, make: Callable[[sa.Connection], Made]) -> Made:
        """What ``make`` gives at the moment that the connection sees, or gave a moment ago."""
        newest = changes.last(connection)
        with self._lock:
            held = self._held.get(name)
            if held is not None:
                self._held.move_to_end(name)
                held.asked_at = self._clock()
        if held is not None and (held.seq == newest or self._stands(connection, held)):
            kept: Made = held.made
            return kept
        made: Made = self._count(connection, name, make, newest).made
        return made

    def recount(self, connection: sa.Connection) -> None:
        """Count anew what is not of the moment and was asked for in the last hour."""
        newest, now = changes.last(connection), self._clock()
        with self._lock:
            old = [(name, held) for name, held in self._held.items() if held.seq != newest]
        for name, held in old:
            if now - held.asked_at < _WANTED:
                self._count(connection, name, held.make, newest, asked_at=held.asked_at)

    def _stands(self, connection: sa.Connection, held: _Count) -> bool:
        """Whether an older count may still be shown."""
        if not self.recounted or held.took < _LONG or held.orders != _orders(connection):
            return False
        erased = (change_table.c.seq > held.seq) & (change_table.c.change == "erased")
        return connection.execute(sa.select(change_table.c.seq).where(erased).limit(1)).first() is None

    def _count(
        self,
        connection: sa.Connection,
        name: Hashable,
        make: Make,
        newest: int,
        *,
        asked_at: float | None = None,
    ) -> _Count:
        begun = self._clock()
        made = make(connection)
        now = self._clock()
        count = _Count(
            seq=newest,
            orders=_orders(connection),
            made=made,
            make=make,
            took=now - begun,
            asked_at=now if asked_at is None else asked_at,
        )
        with self._lock:
            self._held[name] = count
            while len(self._held) > _MOST:
                self._held.popitem(last=False)
        return count


def _orders(connection: sa.Connection) -> tuple[int, int]:
    """A mark that is another after each order that is made or lifted."""
    query = sa.select(sa.func.count(orders.c.id), sa.func.count(orders.c.lifted_at))
    made, lifted = connection.execute(query).one()
    return made, lifted
