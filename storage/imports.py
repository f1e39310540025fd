"""Which files were imported, what was found in them, and the rows that were set aside."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from storage.ids import opaque_id
from storage.schema.registers import imports, rejected_rows


@dataclass(frozen=True, kw_only=True)
class Import:
    """One file that was taken."""

    kind: str
    file_name: str
    digest: str
    learned_at: dt.datetime
    rows_read: int
    rows_kept: int
    regulator: str | None = None
    as_of: dt.date | None = None
    findings: Mapping[str, Any] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """The same file imported the same way is the same import."""
        return opaque_id("import", self.kind, self.regulator, self.as_of, self.digest)


@dataclass(frozen=True, kw_only=True)
class RejectedRow:
    """A row that was set aside: its line in the file, why, and its allow-listed fields."""

    line: int
    reason: str
    urn: str | None = None
    fields: Mapping[str, Any] = field(default_factory=dict)


def known(connection: sa.Connection, import_id: str) -> bool:
    """Whether this very file was imported before."""
    return connection.execute(sa.select(imports.c.id).where(imports.c.id == import_id)).first() is not None


def rows_kept(connection: sa.Connection, import_id: str) -> int | None:
    """How many rows this very file gave when it was imported; None when it never was."""
    return connection.execute(sa.select(imports.c.rows_kept).where(imports.c.id == import_id)).scalar()


def of_file(
    connection: sa.Connection, kind: str, regulator: str, digest: str, as_of: dt.date | None = None
) -> Import | None:
    """The import that took this very file, of whatever name; of a register, as at that day."""
    query = sa.select(imports).where(
        imports.c.kind == kind, imports.c.regulator == regulator, imports.c.digest == digest
    )
    if as_of is not None:
        query = query.where(imports.c.as_of == as_of)
    return _first(connection, query)


def of_content(
    connection: sa.Connection, kind: str, regulator: str, content: str, as_of: dt.date | None = None
) -> Import | None:
    """The import whose file, perhaps of another format, held the same records (``findings["content"]``)."""
    query = sa.select(imports).where(
        imports.c.kind == kind,
        imports.c.regulator == regulator,
        imports.c.findings["content"].as_string() == content,
    )
    if as_of is not None:
        query = query.where(imports.c.as_of == as_of)
    return _first(connection, query)


def _first(connection: sa.Connection, query: sa.Select[Any]) -> Import | None:
    row = connection.execute(query.limit(1)).mappings().first()
    return Import(**{name: value for name, value in row.items() if name != "id"}) if row else None


def save(connection: sa.Connection, made: Import, rejected: Iterable[RejectedRow] = ()) -> None:
    """Record the import and the rows set aside."""
    connection.execute(
        sa.insert(imports).values(
            id=made.id,
            kind=made.kind,
            file_name=made.file_name,
            digest=made.digest,
            regulator=made.regulator,
            as_of=made.as_of,
            learned_at=made.learned_at,
            rows_read=made.rows_read,
            rows_kept=made.rows_kept,
            findings=dict(made.findings),
        )
    )
    rows = [
        {
            "import_id": made.id,
            "line": row.line,
            "urn": row.urn,
            "reason": row.reason,
            "fields": dict(row.fields),
        }
        for row in rejected
    ]
    if rows:
        connection.execute(sa.insert(rejected_rows), rows)
