"""Copy an archive as it is at one moment; killed at any instant and repeated, it goes on where it was.

The source is read in one transaction from the first row to the last comparison, so that what is written to it
meanwhile is neither there nor half there. Rows go in by table, parents first, in the order of their keys. A
run that finds rows of an earlier one trusts none of them: both sides are walked together, what the source
has no longer is taken out, children first, what differs is written anew, and what is missing is added. So a
copy that was begun before its source changed ends as the source is now.
"""

import contextlib
import functools
import shutil
from collections.abc import Iterator
from dataclasses import dataclass

import sqlalchemy as sa

from storage import changes
from storage.copying.comparing import Compared, compared
from storage.copying.counters import counters, put_on
from storage.copying.rows import TABLES, Row, columns_of, in_order, key_of, paired, portions
from storage.copying.target import Occupied, Target, named, opened
from storage.copying.written import delete, insert, update
from storage.errors import StorageError, UsageMistake
from storage.place import Place
from storage.store import Store


@dataclass(frozen=True, kw_only=True)
class Copied:
    """What a copy came to. ``behind``: the source was written to meanwhile, which the copy has nothing of."""

    tables: list[Compared]
    behind: bool

    @property
    def equal(self) -> bool:
        """Whether the copy is the source, row by row."""
        return all(one.equal for one in self.tables)


def copy(source: Store, place: Place) -> Copied:
    """Copy the archive to that place, and hold the copy against it.

    StorageError where something else is there, or a row cannot be kept; ArchiveBusy where somebody writes
    there. A copy that is not equal stays unfinished, and no program opens it.
    """
    if named(place) == named(source.place):
        raise UsageMistake(f"{named(place)} would be copied onto itself; name another place")
    with reading(source) as connection:
        before = changes.last(connection)
        try:
            tables = _copied(connection, source, place)
        except sa.exc.IntegrityError as error:
            said = str(error.orig).splitlines()[0]
            raise StorageError(
                f"{named(place)} cannot be brought up to date ({said}); empty it and repeat"
            ) from None
    with source.reading() as connection:
        return Copied(tables=tables, behind=changes.last(connection) != before)


def compare(one: Store, other: Store) -> list[Compared]:
    """Hold two archives against each other, each as it is at one moment."""
    with reading(one) as ours, reading(other) as theirs:
        return list(compared(functools.partial(in_order, ours), functools.partial(in_order, theirs)))


@contextlib.contextmanager
def reading(store: Store) -> Iterator[sa.Connection]:
    """A transaction that sees the same moment however long it takes; a row that cannot be read is told."""
    with store.reading() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(sa.text("set transaction isolation level repeatable read"))
        yield connection


def _copied(connection: sa.Connection, source: Store, place: Place) -> list[Compared]:
    try:
        with opened(place) as target:
            target.claim(place, named(source.place))
            _bring(connection, target)
            tables = list(compared(functools.partial(in_order, connection), target.rows))
            if all(one.equal for one in tables):
                _forget_what_is_derived(place)
                target.finish()
            return tables
    except Occupied:
        with Store(place) as there:  # perhaps a copy whose last run was killed after it was finished
            tables = compare(source, there)
        if not all(one.equal for one in tables):
            raise
        return tables


def _forget_what_is_derived(place: Place) -> None:
    """What an earlier archive at that place left beside it; both are made anew from the records."""
    (place.index / "current").unlink(missing_ok=True)
    shutil.rmtree(place.quotations, ignore_errors=True)


def _bring(connection: sa.Connection, target: Target) -> None:
    """Make the rows of the target those of the source."""
    if target.begun:
        for table in reversed(TABLES):
            _take_out(connection, target, table)
    for table in TABLES:
        if own := _own_references(table):
            _put_in(connection, target, table, without=own)
        _put_in(connection, target, table)
    with target.writing() as writing:
        put_on(writing, counters(connection))


def _take_out(connection: sa.Connection, target: Target, table: sa.Table) -> None:
    """Delete what the source has not, also what would stand in the way where values must be unique."""
    unique = {
        column.name for one in table.constraints if isinstance(one, sa.UniqueConstraint) for column in one
    }
    columns = [*key_of(table), *(unique - set(key_of(table)))]
    pairs = paired(in_order(connection, table, columns), target.rows(table, columns), len(key_of(table)))
    for portion in portions(theirs for ours, theirs in pairs if theirs is not None and ours != theirs):
        with target.writing() as writing:
            delete(writing, table, portion)


def _put_in(
    connection: sa.Connection, target: Target, table: sa.Table, *, without: frozenset[str] = frozenset()
) -> None:
    """Add what is missing and mend what differs; with columns left empty only the former."""
    columns, width = columns_of(table), len(key_of(table))
    there = set[Row]()

    def wanted() -> Iterator[Row]:
        for ours, theirs in paired(in_order(connection, table, columns), target.rows(table, columns), width):
            if ours is None or ours == theirs or (without and theirs is not None):
                continue
            if theirs is not None:
                there.add(ours[:width])
            yield _emptied(ours, columns, without) if without else ours

    for portion in portions(wanted()):
        with target.writing() as writing:
            insert(writing, table, [row for row in portion if row[:width] not in there])
            update(writing, table, [row for row in portion if row[:width] in there])
        there.clear()


def _emptied(row: Row, columns: list[str], without: frozenset[str]) -> Row:
    return tuple(None if name in without else value for name, value in zip(columns, row, strict=True))


def _own_references(table: sa.Table) -> frozenset[str]:
    """Columns that refer to rows of the same table: they are filled once all of these are there."""
    return frozenset(key.parent.name for key in table.foreign_keys if key.column.table is table)
