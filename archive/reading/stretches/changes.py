"""The change sequence as an outsider may follow it: what is held back is gone, as what was erased is."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

from storage import changes
from storage.batches import select_where_in
from storage.schema.inspections import inspections, reports
from storage.schema.links import links
from storage.schema.press import articles
from storage.schema.registers import providers, settings

_KINDS: Final = {
    "article": sa.select(articles.c.id).where(articles.c.restriction.is_(None)),
    "report": sa.select(reports.c.id).where(reports.c.restriction.is_(None)),
    "setting": sa.select(settings.c.id),
    "provider": sa.select(providers.c.id).where(providers.c.merged_into.is_(None)),
    "inspection": sa.select(inspections.c.id),
    "link": sa.select(links.c.id)
    .join(articles, articles.c.id == links.c.article_id)
    .where(articles.c.restriction.is_(None)),
}
_IDS: Final = {
    "article": articles.c.id,
    "report": reports.c.id,
    "setting": settings.c.id,
    "provider": providers.c.id,
    "inspection": inspections.c.id,
    "link": links.c.id,
}


@dataclass(frozen=True, kw_only=True)
class Changed:
    """A record that was saved, or is gone."""

    what: str
    id: str
    change: str


def changed(
    connection: sa.Connection, after: int, what: str | None, *, limit: int
) -> tuple[list[Changed], int]:
    """What changed after a number of the sequence, oldest first, each record once; and the last number."""
    kinds = [what] if what else list(_KINDS)
    rows = changes.since(connection, after, kinds, limit=limit)
    told = dict.fromkeys((row.what, row.id) for row in rows)
    here = {kind: _here(connection, kind, [id_ for one, id_ in told if one == kind]) for kind in kinds}
    lines = [
        Changed(what=kind, id=id_, change="saved" if id_ in here[kind] else "gone") for kind, id_ in told
    ]
    return lines, rows[-1].seq if rows else after


def _here(connection: sa.Connection, kind: str, ids: Iterable[str]) -> set[str]:
    return {row["id"] for row in select_where_in(connection, _KINDS[kind], _IDS[kind], ids)}
