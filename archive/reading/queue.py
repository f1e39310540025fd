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
Reading all of it anew is the recounter's work where one runs: until it is done, people work on in the one
that is held, in which each decision and each order shows at once.
"""

import bisect
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from operator import attrgetter
from typing import Final

import sqlalchemy as sa

from archive.reading.priority import mentions, waiting
from storage import changes
from storage.batches import batches
from storage.ids import digest_of
from storage.schema.links import judgements as log
from storage.schema.press import articles
from storage.schema.work import orders

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
    """What waits for one person, first things first; ``counts``: of all that waits, by what narrows it."""

    items: Sequence[Due]
    counts: Mapping[str, Mapping[str, int]]

    @cached_property
    def choices(self) -> dict[str, list[tuple[str, int]]]:
        """What the queue can be narrowed by, with counts, the most first."""
        return {
            name: sorted(((value, n) for value, n in held.items() if n), key=lambda one: (-one[1], one[0]))
            for name, held in self.counts.items()
        }

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


@dataclass(frozen=True, kw_only=True)
class _Held:
    """The queue of one moment: never changed, so that who reads it keeps it as it was.

    ``first`` wait for anybody and ``second`` for a second reader, each in order; ``counts`` are of the first.
    """

    of_article: dict[str, list[Due]]
    first: list[Due]
    second: list[Due]
    counts: Mapping[str, Counter[str]]
    seq: int
    at: float

    @classmethod
    def of(cls, dues: Sequence[Due], *, seq: int, at: float) -> "_Held":
        """The queue of these mentions."""
        of_article: dict[str, list[Due]] = {}
        for due in dues:
            of_article.setdefault(due.article_id, []).append(due)
        first = sorted((due for due in dues if _is_first(due)), key=_order)
        return cls(
            of_article=of_article,
            first=first,
            second=sorted((due for due in dues if not _is_first(due)), key=_order),
            counts={name: _counted(first, name) for name in _ANSWERED},
            seq=seq,
            at=at,
        )

    def changed(self, touched: Iterable[str], fresh: Sequence[Due], *, seq: int) -> "_Held":
        """The queue after these articles changed to what is fresh."""
        of_article = dict(self.of_article)
        gone = [due for id_ in touched for due in of_article.pop(id_, ())]
        for due in fresh:
            of_article[due.article_id] = [*of_article.get(due.article_id, ()), due]
        left, come = ([due for due in dues if _is_first(due)] for dues in (gone, fresh))
        counts = {
            name: held + _counted(come, name) - _counted(left, name) for name, held in self.counts.items()
        }
        orders_gone = {due.order for due in gone}
        return replace(
            self,
            of_article=of_article,
            first=_changed(self.first, orders_gone, come),
            second=_changed(self.second, orders_gone, [due for due in fresh if not _is_first(due)]),
            counts=counts,
            seq=seq,
        )


class Queues:
    """The queue of everybody, kept up to date; ``share``: of judged mentions for a second reader."""

    def __init__(self, share: float = SECOND_SHARE, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.share = share
        self.followed = False
        """Whether somebody calls ``follow`` again and again."""
        self._clock = clock
        self._lock = threading.Lock()
        self._held = _Held.of((), seq=-1, at=0.0)

    def of(self, connection: sa.Connection, person: str, asked: Asked | None = None) -> Queue:
        """What waits for that person, at the moment that the connection sees."""
        with self._lock:
            self._keep_up(connection)
            first, second, counts = self._held.first, self._held.second, self._held.counts
        theirs = [due for due in second if due.reading_of(person, self.share)]
        everything = sorted([*first, *theirs], key=_order) if theirs else first
        counted = {name: counts[name] + _counted(theirs, name) for name in _ANSWERED} if theirs else counts
        if asked is None or not asked.wanted:
            return Queue(items=everything, counts=counted)
        return Queue(items=[due for due in everything if asked.takes(due)], counts=counted)

    def follow(self, connection: sa.Connection) -> None:
        """Read all anew where that is due, while others go on with what is held."""
        if self._is_old() or self._touched(connection) is None:
            newest, at = changes.last(connection), self._clock()
            held = _Held.of(_read(connection, None), seq=newest, at=at)
            with self._lock:
                self._held = held

    def _keep_up(self, connection: sa.Connection) -> None:
        newest, held = changes.last(connection), self._held
        waits = self.followed and held.seq >= 0  # for the recounter
        if newest == held.seq and (waits or not self._is_old()):
            return
        touched = None if self._is_old() and not waits else self._touched(connection)
        if touched is None and not waits:
            self._held = _Held.of(_read(connection, None), seq=newest, at=self._clock())
        elif touched is None:
            touched = self._decided(connection)
            self._held = held.changed(touched, _read(connection, touched), seq=held.seq)
        else:
            self._held = held.changed(touched, _read(connection, touched), seq=newest)

    def _is_old(self) -> bool:
        return self._held.seq < 0 or self._clock() - self._held.at >= _KEPT

    def _touched(self, connection: sa.Connection) -> set[str] | None:
        """Articles that changed since the queue was read; None where they are so many that all is read."""
        rows = changes.since(connection, self._held.seq, ("article", "judgement"), limit=_MANY)
        if len(rows) == _MANY:
            return None
        return {row.id for row in rows if row.what == "article"} | self._decided(connection)

    def _decided(self, connection: sa.Connection) -> set[str]:
        """Articles that were judged since, and those that an order holds back."""
        rows = changes.since(connection, self._held.seq, ("judgement",))
        judged = sa.select(log.c.article_id).where(log.c.seq.in_([int(row.id) for row in rows]))
        sealed = sa.select(orders.c.about).where(orders.c.what == "article", orders.c.lifted_at.is_(None))
        held_back = (id_ for id_ in connection.scalars(sealed) if id_ in self._held.of_article)
        return {*connection.scalars(judged), *held_back}


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


def _counted(dues: Iterable[Due], name: str) -> Counter[str]:
    """How many of them have each value."""
    counts = Counter(map(attrgetter(name), dues))
    counts.pop(None, None)
    return counts


def _read(connection: sa.Connection, ids: set[str] | None, *, everything: bool = False) -> list[Due]:
    query = mentions() if everything else mentions().where(waiting())
    if ids is None:
        rows = connection.execute(query).all()
    else:
        pieces = batches(sorted(ids))
        rows = [row for ids in pieces for row in connection.execute(query.where(articles.c.id.in_(ids)))]
    return [Due(**row._mapping) for row in rows]
