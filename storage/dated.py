"""A register as it stood on a day, by kind: its settings, who had them, and how each was last inspected.

It is that of the last whole snapshot up to the day; what was learned later of that day is in it as well.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from typing import Any, Final, Literal, get_args

import sqlalchemy as sa

from storage.errors import NotFound
from storage.names import owners_in
from storage.records import RegisterRow
from storage.registers import as_of
from storage.schema.inspections import inspections
from storage.schema.registers import settings

Kind = Literal["settings", "providers", "inspections"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)


def state(connection: sa.Connection, kind: Kind, regulator: str, day: dt.date) -> list[dict[str, Any]]:
    """One row a setting, provider or inspection, by number or name; NotFound before the first snapshot."""
    rows = as_of(connection, regulator, day)
    if not rows:
        raise NotFound(f"no whole register of {regulator} up to {day} was imported")
    if kind == "settings":
        return [vars(row) for _, row in sorted(rows.items())]
    if kind == "providers":
        return list(_owners(rows))
    return list(_inspected(connection, regulator, rows, day))


def _owners(rows: dict[str, RegisterRow]) -> Iterator[dict[str, Any]]:
    """Providers as that register spells them, with how many settings and places each had."""
    had, places = Counter[str](), Counter[str]()
    for row in rows.values():
        for owner in owners_in(row.owner or ""):
            had[owner] += 1
            places[owner] += row.places or 0
    for owner in sorted(had):
        yield {"provider": owner, "settings": had[owner], "places": places[owner]}


def _inspected(
    connection: sa.Connection, regulator: str, rows: dict[str, RegisterRow], day: dt.date
) -> Iterator[dict[str, Any]]:
    """The last inspection up to the day of each setting that was in the register then."""
    query = (
        sa.select(
            settings.c.urn,
            *(
                inspections.c[name]
                for name in ("id", "kind", "first_day", "last_day", "published", "overall")
            ),
        )
        .join(settings, inspections.c.setting_id == settings.c.id)
        .where(settings.c.regulator == regulator, inspections.c.first_day <= day)
        .order_by(inspections.c.first_day, inspections.c.id)
    )
    last = {row["urn"]: dict(row) for row in connection.execute(query).mappings() if row["urn"] in rows}
    yield from (last[urn] for urn in sorted(last))
