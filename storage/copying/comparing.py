"""Two archives held against each other, by table: how many rows, their digest, the first that differs."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from storage.copying.rows import TABLES, Digest, Rows, columns_of, key_of, paired


@dataclass(frozen=True, kw_only=True)
class Compared:
    """A table of two archives; ``first``: the key of the first row that one has otherwise than the other."""

    table: str
    rows: tuple[int, int]
    digests: tuple[str, str]
    first: tuple[Any, ...] | None = None

    @property
    def equal(self) -> bool:
        """Whether both have the same rows, to the last character."""
        return self.first is None and self.digests[0] == self.digests[1]


def compared(one: Rows, other: Rows) -> Iterator[Compared]:
    """Every table of the schema, read once in each."""
    for table in TABLES:
        yield _compared(table, one, other)


def _compared(table: sa.Table, one: Rows, other: Rows) -> Compared:
    columns, width = columns_of(table), len(key_of(table))
    digests, first = (Digest(), Digest()), None
    for pair in paired(one(table, columns), other(table, columns), width):
        for digest, row in zip(digests, pair, strict=True):
            if row is not None:
                digest.add(row)
        if first is None and pair[0] != pair[1]:
            first = next(row for row in pair if row is not None)[:width]
    return Compared(
        table=table.name,
        rows=(digests[0].rows, digests[1].rows),
        digests=(str(digests[0]), str(digests[1])),
        first=first,
    )
