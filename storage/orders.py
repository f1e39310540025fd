"""Orders that restrict an article or a report, or take it down: the item is nowhere but with the operator.

A restricted item keeps its text. Its links leave the tables that everybody reads and are held by the order
until it is lifted, so that no count and no list can tell of them. A takedown erases: the words from the
store (``storage.erasing``), the bytes from their WARC records (``storage.sealing``), the index by a rebuild.
An order never ends by itself; an operator is reminded of its day.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final, Literal

import sqlalchemy as sa

from storage import articles as press
from storage import assertions, audit, barred, changes, erasing, setting_aside
from storage.errors import NotFound, UsageMistake
from storage.ids import random_id
from storage.records import Capture
from storage.schema.inspections import reports
from storage.schema.press import articles
from storage.schema.work import orders

Kind = Literal["restricted", "taken down"]
What = Literal["article", "report"]
REMINDED_BEFORE: Final = dt.timedelta(days=14)
_LONGEST_REASON: Final = 2_000
_TABLES: Final[dict[str, sa.Table]] = {"article": articles, "report": reports}


@dataclass(frozen=True, kw_only=True)
class Order:
    """One order. ``until``: its last day where it has one; ``lifted_at``: None while it stands."""

    id: str
    what: str
    about: str
    kind: str
    reason: str
    until: dt.date | None
    made_by: str
    made_at: dt.datetime
    lifted_by: str | None
    lifted_at: dt.datetime | None

    def is_due(self, today: dt.date) -> bool:
        """Whether an operator is to be reminded of its end."""
        return self.lifted_at is None and self.until is not None and self.until <= today + REMINDED_BEFORE


_COLUMNS: Final = [orders.c[name] for name in Order.__dataclass_fields__]


def find(connection: sa.Connection, reference: str) -> tuple[What, str]:
    """What an id, an address or an external id names, restricted or not; NotFound."""
    report = sa.select(reports.c.id).where(sa.or_(reports.c.id == reference, reports.c.url == reference))
    if (found := connection.execute(report).scalar()) is not None:
        return "report", str(found)
    return "article", press.find(connection, reference, sealed=True)


def restrict(
    connection: sa.Connection,
    what: What,
    about: str,
    *,
    reason: str,
    who: str,
    at: dt.datetime,
    until: dt.date | None = None,
) -> str:
    """Take the item from everybody's view at once; the order's id. UsageMistake without a reason."""
    reason = _reason(reason)
    if until is not None and until < at.date():
        raise UsageMistake(f"the order would have ended on {until}; give a day to come, or none")
    if _state(connection, what, about) == "taken down":
        raise UsageMistake("that was taken down: nothing of it is left to restrict")
    order_id = _place(connection, "restricted", what, about, (reason, who, at, until))
    if what == "article":
        held = setting_aside.article(connection, about)
        if held is not None:
            connection.execute(sa.update(orders).where(orders.c.id == order_id).values(held=held))
    _tell(connection, what, about, at)
    return order_id


def take_down(
    connection: sa.Connection, what: What, about: str, *, reason: str, who: str, at: dt.datetime
) -> tuple[str, list[Capture]]:
    """Erase the item but for its tombstone; the order's id, and the captures whose records to seal.

    When the transaction is done, ``storage.sealing.finish`` does what no transaction can: it seals the
    records and folds the write-ahead log.
    """
    reason = _reason(reason)
    if _state(connection, what, about) == "taken down":
        raise UsageMistake("that was taken down before")
    order_id = _place(connection, "taken down", what, about, (reason, who, at, None))
    if what == "article":
        setting_aside.article(connection, about)
        barred.bar(connection, order_id, erasing.addresses_of(connection, about))
        taken = erasing.erase_article(connection, about)
    else:
        taken = erasing.erase_report(connection, about)
    connection.execute(sa.update(orders).where(orders.c.about == about).values(held=None))
    _tell(connection, what, about, at, erased=True)
    return order_id, taken


def lift(connection: sa.Connection, order_id: str, *, reason: str, who: str, at: dt.datetime) -> None:
    """End an order. The item comes back when no other order stands; what was erased does not.

    An address that was taken down may be fetched again then.
    """
    reason, order = _reason(reason), get(connection, order_id)
    if order.lifted_at is not None:
        raise UsageMistake("that order was lifted before")
    held = connection.execute(sa.select(orders.c.held).where(orders.c.id == order_id)).scalar()
    connection.execute(
        sa.update(orders).where(orders.c.id == order_id).values(lifted_by=who, lifted_at=at, held=None)
    )
    audit.note(connection, "lifted", order.what, order.about, who=who, at=at, reason=reason)
    if order.kind == "taken down":
        barred.lift(connection, order_id)
        return
    others = (orders.c.about == order.about) & orders.c.lifted_at.is_(None)
    other = connection.execute(sa.select(orders.c.id).where(others).order_by(orders.c.made_at)).scalar()
    if other is not None:
        connection.execute(
            sa.update(orders).where(orders.c.id == other, orders.c.held.is_(None)).values(held=held)
        )
        return
    table = _TABLES[order.what]
    connection.execute(sa.update(table).where(table.c.id == order.about).values(restriction=None))
    if order.what == "article":
        setting_aside.put_back(connection, order.about, held or {})
    _tell(connection, order.what, order.about, at)


def get(connection: sa.Connection, order_id: str) -> Order:
    """The order of that id; NotFound."""
    row = connection.execute(sa.select(*_COLUMNS).where(orders.c.id == order_id)).first()
    if row is None:
        raise NotFound(f"there is no order {order_id!r}; `onrecord orders` lists them")
    return Order(**row._mapping)


def listed(connection: sa.Connection, *, about: str | None = None, limit: int = 500) -> list[Order]:
    """Orders, those that stand first, the newest first; ``about`` one item."""
    query = sa.select(*_COLUMNS).order_by(
        orders.c.lifted_at.is_not(None), orders.c.made_at.desc(), orders.c.id
    )
    if about is not None:
        query = query.where(orders.c.about == about)
    return [Order(**row._mapping) for row in connection.execute(query.limit(limit))]


def _state(connection: sa.Connection, what: str, about: str) -> str | None:
    table = _TABLES[what]
    row = connection.execute(sa.select(table.c.restriction).where(table.c.id == about)).first()
    if row is None:
        raise NotFound(f"there is no {what} {about!r}")
    return row.restriction and str(row.restriction)


def _place(
    connection: sa.Connection,
    kind: Kind,
    what: What,
    about: str,
    by: tuple[str, str, dt.datetime, dt.date | None],
) -> str:
    reason, who, at, until = by
    order_id = random_id("order")
    row: dict[str, Any] = {"id": order_id, "what": what, "about": about, "kind": kind, "reason": reason}
    connection.execute(sa.insert(orders).values(**row, until=until, made_by=who, made_at=at))
    table = _TABLES[what]
    connection.execute(sa.update(table).where(table.c.id == about).values(restriction=kind))
    told = {"order": order_id, "until": until.isoformat() if until else None}
    audit.note(connection, kind, what, about, who=who, at=at, reason=reason, details=told)
    return order_id


def _tell(connection: sa.Connection, what: str, about: str, at: dt.datetime, *, erased: bool = False) -> None:
    changes.note(connection, what, [about], at, "erased" if erased else "saved")
    if what == "article":
        assertions.follow(connection, [about], at)


def _reason(text: str) -> str:
    reason = " ".join(text.split())
    if not reason or len(reason) > _LONGEST_REASON:
        raise UsageMistake(f"say why, in at most {_LONGEST_REASON:,} characters; the reason is logged")
    return reason
