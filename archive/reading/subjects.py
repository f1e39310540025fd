"""What an operator is shown for a person who asks: item by item, and the requests answered before."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from storage.schema.work import audit
from storage.subjects.names import Name
from storage.subjects.standing import Standing, sealed_items, standing

_MOST: int = 300  # items on the page; the command line tells them all


@dataclass(frozen=True, kw_only=True)
class Item:
    """An article, a report, a note … that names the person. ``sealed``: an order holds its words back."""

    kind: str
    id: str
    values: tuple[Standing, ...]
    sealed: bool

    @property
    def path(self) -> str | None:
        """Where the item is looked at, where it has a page."""
        at = {"article": "/articles/", "setting": "/settings/", "provider": "/providers/"}.get(self.kind)
        return f"{at}{self.id}" if at and not self.sealed else None

    @property
    def goes(self) -> bool:
        """Whether a request erases anything of it."""
        return any(one.place.stays is None for one in self.values)


@dataclass(frozen=True, kw_only=True)
class Answer:
    """Everything that says the name: what may be erased first; ``more`` items are not listed."""

    items: tuple[Item, ...]
    found: tuple[Standing, ...]
    more: int


def answer(connection: sa.Connection, names: Sequence[Name]) -> Answer:
    """Where the names stand, by item."""
    found, sealed = standing(connection, names), sealed_items(connection)
    held: dict[tuple[str, str], list[Standing]] = {}
    for one in found:
        held.setdefault((one.place.item, one.about), []).append(one)
    items = sorted(
        (
            Item(kind=kind, id=id_, values=tuple(values), sealed=id_ in sealed)
            for (kind, id_), values in held.items()
        ),
        key=lambda item: (not item.goes, item.kind, item.id),
    )
    return Answer(items=tuple(items[:_MOST]), found=tuple(found), more=max(0, len(items) - _MOST))


def answered(connection: sa.Connection, *, limit: int = 200) -> list[sa.Row[Any]]:
    """The log's entries on persons who asked, newest first."""
    query = sa.select(audit).where(audit.c.what == "subject").order_by(audit.c.seq.desc()).limit(limit)
    return list(connection.execute(query))
