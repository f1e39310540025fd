"""Facts of records by their ids, looked up a batch of rows at a time and remembered for the next.

Joined in the database, a setting would be read again, and its words made anew, for every row that names it.
"""

from collections.abc import Sequence
from typing import Any, Final

import sqlalchemy as sa

from archive.export.tabled import Row, Values, found

_REMEMBERED: Final = 10_000
"""Records: a few megabytes."""


class Known:
    """What ``query`` tells of a record; its first column is the id, the others are named as they are told."""

    def __init__(self, connection: sa.Connection, query: sa.Select[Any]) -> None:
        self._connection, self._query = connection, query
        self._id, *_ = query.selected_columns
        _, *self._names = query.selected_columns.keys()
        self._nothing = (None,) * len(self._names)
        self._known: dict[str | None, Row] = {None: self._nothing}

    def of(self, ids: Sequence[str | None]) -> dict[str, Values]:
        """By name, what is told of each; None of what is not there."""
        asked = set(ids)
        if len(self._known) > _REMEMBERED:
            self._known = {None: self._nothing}
        new = {id_ for id_ in asked if id_ not in self._known}
        if new:
            told = found(self._connection, self._query, self._id, [id_ for id_ in new if id_])
            self._known |= dict.fromkeys(new, self._nothing)
            self._known |= {row[0]: row[1:] for row in told}
        rows = map(self._known.__getitem__, ids)
        return dict(zip(self._names, zip(*rows, strict=True), strict=True))
