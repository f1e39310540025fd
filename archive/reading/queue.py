"""The review queue: what people should look at next, by what their decision would change.

    priority = uncertainty x severity x reach

- *uncertainty*: 1 minus the probability of what is said now (of the asserted link; where nothing is
  asserted, the larger of "nothing in the register is right" and the likeliest candidate); at least 0.01.
- *severity* of the inspection at stake: 4 inadequate or the worst of its scale, 2 requires improvement,
  adequate or declined, else 1.
- *reach*: 1, and 1/4 for each further copy of the story (of 8 at most), 1/2 for each person who follows the
  setting, provider, authority or outlet (of 4 at most), and 4 where a mistake was reported and is open.

Equal priorities go by article and mention, so that everybody meets the same order. The queue is held in
memory and follows the change sequence; what moves only priorities (a follow, a grade) is taken in later.
"""

import bisect
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import sqlalchemy as sa

from archive.reading.priority import mentions, waiting
from storage import changes
from storage.batches import batches
from storage.ids import digest_of
from storage.schema.links import judgements as log
from storage.schema.press import articles

SECOND_SHARE: Final = 0.1
"""The share of judged mentions that a second person reads too."""
_KEPT: Final = 3_600.0  # seconds until all is read anew
_MANY: Final = 2_000  # changes from which on reading all is quicker
_ANSWERED: Final = ("authority", "outlet", "provider", "answer")


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A mention that may wait for a decision; ``judged_by`` and ``second_by`` where somebody was there."""

    article_id: str
    mention: int
    version: int
    priority: float
    outlet: str | None
    authority: str | None
    provider: str | None
    answer: str | None
    copies: int
    judged_by: str | None
    judged_version: int | None
    second_by: str | None

    @property
    def order(self) -> tuple[float, str, int]:
        """Where it stands in the queue."""
        return -self.priority, self.article_id, self.mention

    @property
    def again(self) -> bool:
        """Whether the text has changed since it was judged."""
        return self.judged_by is not None and self.version > (self.judged_version or 0)

    def reading_of(self, person: str, share: float) -> int | None:
        """Which reading it waits for from that person: 1, 2 or none."""
        if self.judged_by is None or self.again:
            return 1
        second = self.second_by is None and self.judged_by != person
        return 2 if second and in_sample(self.article_id, self.mention, share) else None


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What part of the queue somebody works on; ``answer`` is what the linker said."""

    authority: str | None = None
    outlet: str | None = None
    provider: str | None = None
    answer: str | None = None

    def takes(self, due: Due) -> bool:
        """Whether the mention belongs to that part."""
        return all(getattr(due, name) == value for name, value in self.wanted)

    @cached_property
    def wanted(self) -> tuple[tuple[str, str], ...]:
        """What is asked for, by name; nothing where it is the whole queue."""
        return tuple((name, value) for name in _ANSWERED if (value := getattr(self, name)) is not None)


@dataclass(frozen=True, kw_only=True)
class Queue:
    """What waits for one person, first things first; ``everything``: also outside the part asked for."""

    items: Sequence[Due]
    everything: Sequence[Due]

    @cached_property
    def choices(self) -> dict[str, list[tuple[str, int]]]:
        """What the queue can be narrowed by, with counts."""
        return {name: _counted(self.everything, name) for name in _ANSWERED}

    def beside(self, order: tuple[float, str, int]) -> tuple[Due | None, Due | None]:
        """What comes before that place in the queue, and what after."""
        left = bisect.bisect_left(self.items, order, key=_order)
        right = bisect.bisect_right(self.items, order, key=_order)
        before = self.items[left - 1] if left else None
        return before, self.items[right] if right < len(self.items) else None

    def after(self, order: tuple[float, str, int]) -> Due | None:
        """What to go on with after that place: at the end, what was passed over."""
        left = [due for due in self.items if due.order != order]
        return self.beside(order)[1] or next(iter(left), None)


class Queues:
    """The queue of everybody, kept up to date; ``share``: of judged mentions for a second reader."""

    def __init__(self, share: float = SECOND_SHARE, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.share = share
        self._clock = clock
        self._lock = threading.Lock()
        self._of_article: dict[str, list[Due]] = {}
        self._first: list[Due] = []
        self._second: list[Due] = []
        self._seq = -1
        self._read_at = 0.0

    def of(self, connection: sa.Connection, person: str, asked: Asked | None = None) -> Queue:
        """What waits for that person, at the moment that the connection sees."""
        with self._lock:
            self._follow(connection)
            first, second = self._first, self._second
        theirs = [due for due in second if due.reading_of(person, self.share)]
        everything = sorted([*first, *theirs], key=_order) if theirs else first
        if asked is None or not asked.wanted:
            return Queue(items=everything, everything=everything)
        return Queue(items=[due for due in everything if asked.takes(due)], everything=everything)

    def _follow(self, connection: sa.Connection) -> None:
        newest = changes.last(connection)
        if newest == self._seq and self._clock() - self._read_at < _KEPT:
            return
        touched = self._touched(connection)
        if touched is None:
            self._of_article, self._read_at = {}, self._clock()
            self._take(_read(connection, None))
            self._first, self._second = self._all(first=True), self._all(first=False)
        elif touched:
            gone = {due.order for id_ in touched for due in self._of_article.pop(id_, ())}
            fresh = _read(connection, touched)
            self._take(fresh)
            self._first = _changed(self._first, gone, [due for due in fresh if _is_first(due)])
            self._second = _changed(self._second, gone, [due for due in fresh if not _is_first(due)])
        self._seq = newest

    def _take(self, dues: Iterable[Due]) -> None:
        for due in dues:
            self._of_article.setdefault(due.article_id, []).append(due)

    def _all(self, *, first: bool) -> list[Due]:
        dues = (due for held in self._of_article.values() for due in held if _is_first(due) == first)
        return sorted(dues, key=_order)

    def _touched(self, connection: sa.Connection) -> set[str] | None:
        """Articles that changed since the queue was read; None where all is to be read."""
        if self._seq < 0 or self._clock() - self._read_at >= _KEPT:
            return None
        rows = changes.since(connection, self._seq, ("article", "judgement"), limit=_MANY)
        if len(rows) == _MANY:
            return None
        read = [int(row.id) for row in rows if row.what == "judgement"]
        query = sa.select(log.c.article_id).where(log.c.seq.in_(read))
        return {row.id for row in rows if row.what == "article"} | set(connection.scalars(query))


def _order(due: Due) -> tuple[float, str, int]:
    return due.order


def _is_first(due: Due) -> bool:
    """Whether it waits for anybody, and not only for a second reader."""
    return due.judged_by is None or due.again


def _changed(held: list[Due], gone: set[tuple[float, str, int]], fresh: Iterable[Due]) -> list[Due]:
    """A sorted copy without what is gone and with what is fresh: who reads the old one keeps it as it was."""
    dues = list(held)
    for order in gone:
        place = bisect.bisect_left(dues, order, key=_order)
        if place < len(dues) and dues[place].order == order:
            del dues[place]
    for due in fresh:
        bisect.insort(dues, due, key=_order)
    return dues


def in_sample(article_id: str, mention: int, share: float) -> bool:
    """Whether a second person reads the mention too: by its digest, the same for everybody and always."""
    return int(digest_of(f"{article_id} {mention}".encode())[:8], 16) < share * 16**8


def item(connection: sa.Connection, article_id: str, mention: int) -> Due | None:
    """One mention as the queue would have it, whether it waits or not; None where nobody linked it."""
    found = _read(connection, {article_id}, everything=True)
    return next((due for due in found if due.mention == mention), None)


def _counted(theirs: Iterable[Due], name: str) -> list[tuple[str, int]]:
    counts = Counter(value for due in theirs if (value := getattr(due, name)))
    return sorted(counts.items(), key=lambda one: (-one[1], one[0]))


def _read(connection: sa.Connection, ids: set[str] | None, *, everything: bool = False) -> list[Due]:
    query = mentions() if everything else mentions().where(waiting())
    if ids is None:
        rows = connection.execute(query).all()
    else:
        pieces = batches(sorted(ids))
        rows = [row for ids in pieces for row in connection.execute(query.where(articles.c.id.in_(ids)))]
    return [Due(**row._mapping) for row in rows]
