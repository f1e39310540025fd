"""What each alert told of: one item a story, however many copies of it there are, until it is over.

A row stands for one mention of one copy, with what was told of it. Copies share an item; the item is over
when the last of them is. ``carried`` says that a message with it may have arrived: only then is there
anybody to correct.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, Final, Literal

import sqlalchemy as sa

from storage.batches import batches, select_where_in
from storage.ids import random_id
from storage.schema.alerts import alert_told

What = Literal["article", "report", "lead"]
NO_MENTION: Final = -1
"""The mention of what was told without a link: a report, a line of a lead, an article found by a search."""
_IDS: Final = ("inspection_id", "setting_id", "provider_id")


@dataclass(frozen=True, kw_only=True)
class Told:
    """One row; ``level`` and the ids are what was told, None where nothing was linked."""

    id: str
    item: str
    what: What
    about: str
    mention: int
    level: str | None = None
    inspection_id: str | None = None
    setting_id: str | None = None
    provider_id: str | None = None
    carried: bool = False
    over: bool = False


def contradicts(told: Any, now: Any) -> bool:
    """Whether what stands now is another record, or says less; more of the same is no contradiction.

    Both have the three ids.
    """
    return any(getattr(told, name) and getattr(told, name) != getattr(now, name) for name in _IDS)


def agree(one: Any, other: Any) -> bool:
    """Whether two copies may be of the same record: where both name one, it is the same."""
    pairs = ((getattr(one, name), getattr(other, name)) for name in _IDS)
    return all(not left or not right or left == right for left, right in pairs)


def of(connection: sa.Connection, abouts: Collection[str]) -> dict[str, list[Told]]:
    """What was told of these articles, reports or lines, over or not, by alert."""
    query = _rows().add_columns(alert_told.c.alert_id)
    found: dict[str, list[Told]] = {}
    for row in select_where_in(connection, query, alert_told.c.about, abouts):
        found.setdefault(row.pop("alert_id"), []).append(Told(**row))
    return found


def of_items(connection: sa.Connection, items: Collection[str]) -> dict[str, list[Told]]:
    """The rows of these items, over or not, the first told first."""
    found: dict[str, list[Told]] = {}
    for row in select_where_in(connection, _rows(), alert_told.c.item, items):
        found.setdefault(row["item"], []).append(Told(**row))
    return found


def add(connection: sa.Connection, alert_id: str, rows: Iterable[Mapping[str, Any]]) -> None:
    """Keep what is told: item, what, about, mention, and perhaps level, ids, carried."""
    blank = dict.fromkeys(("level", *_IDS))
    values = [
        {**blank, "carried": False, **row, "id": random_id("told"), "alert_id": alert_id, "over": False}
        for row in rows
    ]
    if values:
        connection.execute(sa.insert(alert_told), values)


def finish(connection: sa.Connection, ids: Sequence[str]) -> None:
    """These rows are over."""
    for some in batches(ids):
        connection.execute(sa.update(alert_told).where(alert_told.c.id.in_(some)).values(over=True))


def carry(connection: sa.Connection, items: Sequence[str]) -> None:
    """From now on a message that tells of these items may arrive."""
    for some in batches(items):
        connection.execute(sa.update(alert_told).where(alert_told.c.item.in_(some)).values(carried=True))


def _rows() -> sa.Select[Any]:
    return sa.select(*(alert_told.c[field.name] for field in fields(Told)))
