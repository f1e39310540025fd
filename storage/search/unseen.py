"""What an order took out of sight and the index still holds: no search may tell of it meanwhile."""

import sqlalchemy as sa

from storage import changes
from storage.schema.inspections import reports
from storage.schema.people import changes as sequence
from storage.schema.press import articles
from storage.store import Store


def taken_out(store: Store, held: int) -> frozenset[str]:
    """Ids of articles and reports restricted, taken down or erased since change ``held``."""
    with store.reading() as connection:
        if changes.last(connection) <= held:
            return frozenset()
        return frozenset(connection.execute(_OUT, {"held": held}).scalars())


_SEALED = sa.union_all(
    sa.select(articles.c.id).where(articles.c.restriction.is_not(None)),
    sa.select(reports.c.id).where(reports.c.restriction.is_not(None)),
)
_OUT = (
    sa.select(sequence.c.id)
    .distinct()
    .where(sequence.c.seq > sa.bindparam("held"), sequence.c.what.in_(("article", "report")))
    .where(sequence.c.id.in_(_SEALED) | (sequence.c.change == "erased"))
)
