"""Append-only logs whose rows are chained by hash, so that a row changed, taken out or moved is found.

A row's hash is SHA-256 over the hash of the row before it and the row itself as canonical JSON (sorted
keys, no spaces, moments in UTC as ISO 8601). Whoever can write the file can also write a whole new chain:
keep the newest hash elsewhere (``onrecord audit verify`` prints it) to notice that too.
"""

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

from storage.ids import digest_of

FIRST: Final = "0" * 64
"""What stands as the hash before the first row."""

_OURS: Final = frozenset({"seq", "previous_hash", "hash"})


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What a check of a log found: how many rows hold, the newest hash, and the first bad row."""

    rows: int
    newest: str
    bad_seq: int | None = None
    fault: str | None = None

    @property
    def sound(self) -> bool:
        """Whether every row is as it was written."""
        return self.fault is None


def append(connection: sa.Connection, log: sa.Table, values: Mapping[str, Any]) -> int:
    """Append a row in the open write transaction, chained to the newest; returns its ``seq``.

    Store.writing() holds the archive's write lock, so no other row can come between.
    """
    newest = connection.execute(sa.select(log.c.seq, log.c.hash).order_by(log.c.seq.desc()).limit(1)).first()
    seq, before = (newest.seq + 1, newest.hash) if newest else (1, FIRST)
    row = {column.name: values.get(column.name) for column in log.c if column.name not in _OURS}
    connection.execute(
        sa.insert(log).values(seq=seq, **row, previous_hash=before, hash=_hash(before, seq, row))
    )
    return seq


def verify(connection: sa.Connection, log: sa.Table) -> Verdict:
    """Follow the chain from its first row; the first row that does not fit is named."""
    before, rows = FIRST, 0
    query = sa.select(log).order_by(log.c.seq).execution_options(yield_per=1_000)
    with connection.execute(query) as found:  # PostgreSQL keeps a cursor open for it
        for row in found.mappings():
            fault = None
            if row["seq"] != rows + 1:
                fault = f"row {rows + 1} is missing"
            elif row["previous_hash"] != before:
                fault = "it does not follow the row before it"
            elif row["hash"] != _hash(before, row["seq"], _said(dict(row))):
                fault = "it was changed after it was written"
            if fault:
                return Verdict(rows=rows, newest=before, bad_seq=row["seq"], fault=fault)
            before, rows = row["hash"], rows + 1
    return Verdict(rows=rows, newest=before)


def _said(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in _OURS}


def _hash(before: str, seq: int, row: Mapping[str, Any]) -> str:
    told = {"seq": seq, **row}
    text = json.dumps(told, default=_plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return digest_of(f"{before}\n{text}".encode("utf-8", "surrogatepass"))


def _plain(value: object) -> str:
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat(timespec="microseconds")
    if isinstance(value, dt.date):
        return value.isoformat()
    raise TypeError(f"a log holds no {type(value).__name__}")
