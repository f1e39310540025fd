"""The ONS's codes of authorities, for rows that come by the million: what other datasets are joined on."""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa

from archive.export.kinds import text
from archive.export.tabled import Column
from storage.places import codes

CODE: Final[Column] = text(
    "authority_code",
    "that authority's ONS code; `onrecord import places` tells others than England's",
    "archive",
)


class Codes:
    """Looks codes up by the names that registers give, each once: there are some hundred and fifty."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection
        self._known: dict[str | None, str | None] = {None: None}

    def of(self, names: Sequence[str | None]) -> list[str | None]:
        """The code of each; None of one that is not known."""
        if new := {name for name in names if name is not None} - self._known.keys():
            told = codes(self._connection, new)
            self._known |= {name: told.get(name) for name in new}
        return [self._known[name] for name in names]
