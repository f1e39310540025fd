"""Addresses that were taken down: they are not fetched or kept again, and are known by a digest alone."""

from collections.abc import Iterable

import sqlalchemy as sa

from storage.addresses import canonical
from storage.batches import select_where_in
from storage.ids import opaque_id
from storage.schema.work import barred

_ANY = sa.select(barred.c.id).limit(1)


def bar(connection: sa.Connection, order_id: str, urls: Iterable[str]) -> None:
    """Let these addresses be left alone for as long as the order stands."""
    wanted = {_identify(url) for url in urls}
    held = {row["id"] for row in select_where_in(connection, sa.select(barred.c.id), barred.c.id, wanted)}
    rows = [{"id": id_, "order_id": order_id} for id_ in sorted(wanted - held)]
    if rows:
        connection.execute(sa.insert(barred), rows)


def among(connection: sa.Connection, urls: Iterable[str]) -> set[str]:
    """Those of the addresses that are barred."""
    if connection.execute(_ANY).first() is None:  # nearly always, and a crawl asks for every page
        return set()
    by_id = {url: _identify(url) for url in urls}
    found = select_where_in(connection, sa.select(barred.c.id), barred.c.id, by_id.values())
    held = {row["id"] for row in found}
    return {url for url, id_ in by_id.items() if id_ in held}


def lift(connection: sa.Connection, order_id: str) -> None:
    """Let the order's addresses be fetched again."""
    connection.execute(sa.delete(barred).where(barred.c.order_id == order_id))


def _identify(url: str) -> str:
    return opaque_id("address", canonical(url))
