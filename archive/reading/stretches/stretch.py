"""What a stretch is: rows behind a key, narrowed, and one more than wanted to tell that there are more."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.base import ReadOnlyColumnCollection

Columns = Mapping[str, sa.ColumnElement[Any]] | ReadOnlyColumnCollection[str, sa.Column[Any]]


@dataclass(frozen=True, kw_only=True)
class Stretch:
    """``after``: the key of the last row that was given. ``only``: columns by name and the value each has."""

    after: str | int
    limit: int
    only: Mapping[str, Any] = field(default_factory=dict)

    def of(self, query: sa.Select[Any], key: sa.ColumnElement[Any], columns: Columns) -> sa.Select[Any]:
        """The query for these rows and one more."""
        for name, value in self.only.items():
            query = query.where(columns[name] == value)
        return query.where(key > self.after).order_by(key).limit(self.limit + 1)
