"""Orders as the operator sees them: the item's outlet and day, and never its words unless asked for."""

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa

from storage import audit, orders
from storage.orders import Order
from storage.schema.inspections import reports
from storage.schema.press import article_versions, articles


@dataclass(frozen=True, kw_only=True)
class OrderLine:
    """An order and what little tells of its item: outlet and first sight of an article, URN of a report."""

    order: Order
    outlet: str | None
    first_seen: dt.datetime | None
    urn: str | None
    due: bool


@dataclass(frozen=True, kw_only=True)
class OrderPage:
    """An order, the others on the same item, and what the log says of the item."""

    line: OrderLine
    others: tuple[Order, ...]
    log: tuple[sa.Row[tuple[object, ...]], ...]


def order_lines(connection: sa.Connection, *, today: dt.date) -> list[OrderLine]:
    """Orders that end soon or should have ended, then those that stand, then those lifted."""
    found = orders.listed(connection)
    pressed = sa.select(articles.c.id, articles.c.outlet, articles.c.first_seen)
    told = {
        row.id: row for row in connection.execute(pressed.where(articles.c.id.in_(_ids(found, "article"))))
    }
    official = sa.select(reports.c.id, reports.c.urn).where(reports.c.id.in_(_ids(found, "report")))
    urns = {row.id: row.urn for row in connection.execute(official)}
    lines = [
        OrderLine(
            order=one,
            outlet=told[one.about].outlet if one.about in told else None,
            first_seen=told[one.about].first_seen if one.about in told else None,
            urn=urns.get(one.about),
            due=one.is_due(today),
        )
        for one in found
    ]
    return sorted(lines, key=lambda line: not line.due)


def order_page(connection: sa.Connection, order_id: str, *, today: dt.date) -> OrderPage:
    """One order; NotFound."""
    order = orders.get(connection, order_id)
    line = next(line for line in order_lines(connection, today=today) if line.order.id == order_id)
    others = (one for one in orders.listed(connection, about=order.about) if one.id != order_id)
    return OrderPage(line=line, others=tuple(others), log=tuple(audit.entries(connection, about=order.about)))


def sealed_text(connection: sa.Connection, order: Order) -> tuple[str, str]:
    """Title and text of what the order seals; empty where it was taken down."""
    if order.what == "report":
        row = connection.execute(sa.select(reports.c.text).where(reports.c.id == order.about)).one()
        return "Report", row.text or ""
    query = (
        sa.select(article_versions.c.title, article_versions.c.text)
        .where(article_versions.c.article_id == order.about)
        .order_by(article_versions.c.number.desc())
    )
    newest = connection.execute(query).first()
    return (newest.title or "", newest.text) if newest else ("", "")


def _ids(found: list[Order], what: str) -> list[str]:
    return [one.about for one in found if one.what == what]
