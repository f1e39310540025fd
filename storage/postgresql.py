"""The server engine: everything that is PostgreSQL's own stands in this module.

A server restarts, fails over or hangs, and a connection is cut. Whoever was at work is told ``ServerAway``,
and nothing of what was to be written is kept; the next use connects anew. A commit whose answer is cut off
was kept or was not, and nobody can tell by the connection. So each transaction that wrote something leaves
its number in ``commits``, in a row of its connection's own, and whoever lost the answer looks there.
(The number of the transaction would not do: a server that crashed gives it out again.)
"""

import contextlib
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import psycopg
import sqlalchemy as sa

from storage.connecting import BOUNDS, STAYS_FOR, Texts, Watched
from storage.errors import ArchiveBusy, ServerAway, Unsettled
from storage.ids import random_id
from storage.patience import patiently
from storage.schema.commits import commits

WRITERS_KEY: Final = 0x4F6E5265  # the advisory lock that stands for SQLite's lock file
_AWAY: Final = frozenset({"57P01", "57P02", "57P03", "57P05", "53300"})  # shut down, crashed, starting, full
_STANDBY: Final = "25006"  # what takes no writes: a server that was not made the first yet
_LOCKED: Final = "55P03"
_IN_LINE: Final = 10  # seconds for a connection to become free; all of them hang when the server does
_LOOK: Final = 0.2  # seconds between two looks whether another has done

# It leaves no row where the transaction wrote nothing: then there is nothing to ask for later.
_MARK: Final = sa.text(
    "insert into commits (id, number, at)"
    " select :id, :number, now() where txid_current_if_assigned() is not null"
    " on conflict (id) do update set number = excluded.number, at = excluded.at"
)
_FORGET: Final = sa.text("delete from commits where at < now() - interval '1 day'")


def engine(url: str, **how: Any) -> sa.Engine:
    """Connections that are watched, and ended where nobody answers; ``how``: of SQLAlchemy's pool."""
    made = sa.create_engine(url, hide_parameters=True, **how)
    sa.event.listen(made, "do_connect", _connect)
    return made


class Server:
    """An archive's database: one pool of connections; ``wait`` and ``patience`` as in ``storage.store``."""

    def __init__(self, url: str, *, wait: float, patience: float) -> None:
        self._wait, self._patience = wait, patience
        self._engine = engine(url, pool_pre_ping=True, pool_timeout=_IN_LINE)
        sa.event.listen(self._engine, "connect", _without_nul)
        self._readers = self._engine.execution_options(postgresql_readonly=True)
        self._locks = _Locks(self._engine)

    @contextlib.contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """A transaction that cannot write; ServerAway."""
        with _connected(self._readers) as connection:
            yield connection

    @contextlib.contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """A transaction under the writers' lock; ServerAway (nothing was kept), Unsettled, ArchiveBusy."""
        with _connected(self._engine, writes=True) as connection:
            transaction = connection.begin()
            try:
                self._lock(connection)
                yield connection
                mark = _mark(connection)
            except BaseException:
                transaction.rollback()
                raise
            try:
                transaction.commit()
            except sa.exc.DBAPIError as error:
                reason = _away(error, writes=True)
                if reason is None:
                    raise
                connection.invalidate(error)
                self._settle(mark, reason)

    def is_free(self) -> bool:
        """Whether nobody holds the writers' lock."""
        with self.reading() as connection:
            return bool(connection.scalar(sa.select(sa.func.pg_try_advisory_xact_lock(WRITERS_KEY))))

    @contextlib.contextmanager
    def alone(self, what: str, *, wait: float) -> Iterator[bool]:
        """Hold what one process of all does at a time; False where another does after ``wait`` seconds.

        The lock ends with its connection, so with the process and with the server; ServerAway.
        """
        until = time.monotonic() + wait
        while not (held := self._locks.take(what)) and time.monotonic() < until:
            time.sleep(_LOOK)
        try:
            yield held
        finally:
            if held:
                self._locks.give(what)

    def dispose(self) -> None:
        """Close every connection."""
        self._engine.dispose()

    def _lock(self, connection: sa.Connection) -> None:
        wait = sa.func.set_config("lock_timeout", f"{max(1, self._wait * 1000):.0f}", True)  # 0: for ever
        connection.execute(sa.select(wait))
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(WRITERS_KEY)))

    def _settle(self, mark: "_Mark", reason: str) -> None:
        """Find out what became of a commit whose answer was cut off; ServerAway where it was not kept."""

        def is_kept() -> bool:
            with _connected(self._engine) as connection:
                self._lock(connection)  # when it is free, whoever was cut off has ended
                number = sa.select(commits.c.number).where(commits.c.id == mark.id)
                return connection.scalar(number) == mark.number

        try:
            kept = patiently(is_kept, self._patience)
        except (ServerAway, ArchiveBusy) as error:
            raise Unsettled from error
        if not kept:
            raise ServerAway(reason)


class _Locks:
    """What this process holds alone: in one connection, however much; a crawl holds each of its sources."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine.execution_options(isolation_level="AUTOCOMMIT")
        self._turn = threading.Lock()
        self._connection: sa.Connection | None = None
        self._held: set[str] = set()

    def take(self, what: str) -> bool:
        """Whether it is ours now; ServerAway."""
        with self._turn, told():
            if what in self._held:  # whoever holds a lock, the server gives it again
                return False
            self._connection = self._connection or self._engine.connect()
            try:
                if self._connection.scalar(sa.select(sa.func.pg_try_advisory_lock(_key(what)))):
                    self._held.add(what)
            finally:
                self._rest()
            return what in self._held

    def give(self, what: str) -> None:
        """Let others have it."""
        with self._turn:
            self._held.discard(what)
            with contextlib.suppress(sa.exc.DBAPIError):  # then the lock went with the connection
                if self._connection:
                    self._connection.execute(sa.select(sa.func.pg_advisory_unlock(_key(what))))
            self._rest()

    def _rest(self) -> None:
        if self._connection and not self._held:
            self._connection.close()
            self._connection = None


def _key(what: str) -> sa.Function[int]:
    return sa.func.hashtextextended(what, 0)


@dataclass(kw_only=True)
class _Mark:
    """The row of a connection, and the number of its last transaction."""

    id: str
    number: int = 0


def _mark(connection: sa.Connection) -> _Mark:
    """Leave the transaction's number in it."""
    mark: _Mark = connection.info.setdefault(
        "mark", _Mark(id=random_id("commit"))
    )  # gone with the connection
    mark.number += 1
    marked = connection.execute(_MARK, {"id": mark.id, "number": mark.number}).rowcount
    if marked and mark.number == 1:
        connection.execute(_FORGET)  # of connections that are long gone
    return mark


def _connect(_: Any, __: Any, words: list[Any], named: dict[str, Any]) -> Watched:
    """Connect within bounds that an address may set otherwise."""
    connection = Watched.connect(*words, **(BOUNDS | named))
    try:
        connection.execute(STAYS_FOR)
        connection.commit()
    except BaseException:
        connection.close()
        raise
    return connection


def _without_nul(connection: Any, _: Any) -> None:
    """What people and pages give is kept all the same; a copy of an archive would be another, and refuses."""
    connection.adapters.register_dumper(str, Texts)


@contextlib.contextmanager
def _connected(engine: sa.Engine, *, writes: bool = False) -> Iterator[sa.Connection]:
    """A connection; one whose server is away is told of, and not used again.

    The driver notices only at the next word that it is broken; the pool would say it, and log a fault.
    """
    with told(writes=writes), engine.connect() as connection:
        try:
            yield connection
        except sa.exc.DBAPIError as error:
            if _away(error, writes=writes) is not None:
                connection.invalidate(error)
            raise


@contextlib.contextmanager
def told(*, writes: bool = False) -> Iterator[None]:
    """Tell a server that is away as such; a statement that our own code got wrong stays what it is."""
    try:
        yield
    except sa.exc.TimeoutError:
        raise ArchiveBusy("too many ask the PostgreSQL archive at once; repeat in a moment") from None
    except sa.exc.DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) == _LOCKED:
            raise ArchiveBusy(
                "the PostgreSQL archive: another process is writing to it; let it finish and repeat"
            ) from None
        reason = _away(error, writes=writes)
        if reason is None:
            raise
        raise ServerAway(reason) from None


def _away(error: sa.exc.DBAPIError, *, writes: bool) -> str | None:
    """What was said by a server that is away, or by its absence; None where it is another fault."""
    state: str | None = getattr(error.orig, "sqlstate", None)
    lost = error.connection_invalidated or (
        state is None and isinstance(error.orig, psycopg.OperationalError)
    )
    if lost or state in _AWAY or (state or "").startswith("08") or (writes and state == _STANDBY):
        return next(iter(str(error.orig).splitlines()), "it did not say why")
    return None
