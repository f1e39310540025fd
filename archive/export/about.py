"""What an export says of itself, in every format that has room for it."""

from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

from archive import licences
from archive.export.tabled import Table
from archive.licences import Publisher
from storage.schema.registers import settings

TITLE: Final = "On Record: press stories and the inspection records behind them"
_OF_THE_PRESS: Final = frozenset({"links", "articles"})


@dataclass(frozen=True, kw_only=True)
class About:
    """Facts of one export. ``cursor``: what to ask for later changes with; ``publishers``: whom to name."""

    cursor: str
    made_at: str
    since: str | None
    public: bool
    publishers: tuple[Publisher, ...]

    @property
    def notes(self) -> tuple[str, ...]:
        """What whoever uses the data must know."""
        press = () if self.public else (licences.PRESS,)
        return (*(one.attribution for one in self.publishers), *press, licences.WITHHELD)


def publishers(connection: sa.Connection) -> tuple[Publisher, ...]:
    """Whom to name for what this archive holds."""
    held = connection.scalars(sa.select(settings.c.regulator).distinct().order_by(settings.c.regulator))
    return tuple(licences.publishers(list(held)))


def holds_press(table: Table) -> bool:
    """Whether words of the press stand in the table."""
    return table.name in _OF_THE_PRESS and any(column.source == "press" for column in table.columns)
