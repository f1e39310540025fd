"""Which documents of the index a change touches: a link changes its article, and the report it covers."""

from collections.abc import Iterable, Sequence

import sqlalchemy as sa
import tantivy

from storage.schema.inspections import inspections, reports
from storage.schema.links import links

_BATCH = 500


def documents_touched(
    connection: sa.Connection, index: tantivy.Index, changed: Iterable[tuple[str, str]]
) -> list[str]:
    """Ids of articles and reports to index again, for changes given as (what, id)."""
    by_kind: dict[str, set[str]] = {}
    for what, id_ in changed:
        by_kind.setdefault(what, set()).add(id_)
    articles = by_kind.get("article", set()) | _articles_of_links(connection, by_kind.get("link", set()))
    found = set(by_kind.get("report", set()))
    touched_inspections = set(by_kind.get("inspection", set()))
    for column in (links.c.inspection_id, links.c.setting_id, links.c.provider_id):
        kind = column.name.removesuffix("_id")
        articles |= _ids(connection, links.c.article_id, column, by_kind.get(kind, set()))
    for kind, source in (("setting", inspections.c.setting_id), ("provider", inspections.c.provider_id)):
        touched_inspections |= _ids(connection, inspections.c.id, source, by_kind.get(kind, set()))
    touched_inspections |= _ids(connection, links.c.inspection_id, links.c.article_id, articles)
    touched_inspections |= _inspections_held(index, articles)
    found |= _ids(connection, reports.c.id, reports.c.inspection_id, touched_inspections)
    found |= _ids(connection, reports.c.id, reports.c.setting_id, by_kind.get("setting", set()))
    return sorted(articles | found)


def _articles_of_links(connection: sa.Connection, ids: set[str]) -> set[str]:
    return _ids(connection, links.c.article_id, links.c.id, ids)


def _ids(
    connection: sa.Connection, wanted: sa.Column[str], where: sa.Column[str], values: set[str]
) -> set[str]:
    found: set[str] = set()
    ordered = sorted(value for value in values if value)
    for start in range(0, len(ordered), _BATCH):
        query = sa.select(wanted).where(where.in_(ordered[start : start + _BATCH]), wanted.is_not(None))
        found |= set(connection.scalars(query))
    return found


def _inspections_held(index: tantivy.Index, article_ids: set[str]) -> set[str]:
    """The inspections that the index has those articles linked to, perhaps no longer so."""
    ordered: Sequence[str] = sorted(article_ids)
    searcher = index.searcher()
    found: set[str] = set()
    for start in range(0, len(ordered), _BATCH):
        batch = list(ordered[start : start + _BATCH])
        hits = searcher.search(tantivy.Query.term_set_query(index.schema, "id", batch), len(batch)).hits
        for _, address in hits:
            found |= set(searcher.doc(address).get_all("inspection"))
    return found
