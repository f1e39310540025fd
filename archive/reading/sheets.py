"""The evidence sheet of one link: claim, article, record, evidence, margin, who decided, and every digest."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from archive.reading.articles import ArticlePage, Mention, article_page
from storage.errors import NotFound
from storage.schema.crawl import captures
from storage.schema.inspections import inspection_claims, reports
from storage.schema.links import judgements, models
from storage.schema.registers import imports

_Row = sa.Row[*tuple[Any, ...]]


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """What the sheet shows; ``judgement`` is the newest a person made of the mention, with its hash."""

    page: ArticlePage
    mention: Mention
    report: _Row | None
    report_capture: _Row | None
    origins: tuple[tuple[str, str | None], ...]  # in words, and the file's digest
    model: _Row | None
    judgement: _Row | None


def sheet(connection: sa.Connection, reference: str, mention: int) -> Sheet:
    """The sheet of an article's mention; NotFound, also where nothing is asserted of it.

    It is of the version that was linked, whose words the evidence points to.
    """
    page = article_page(connection, reference)
    if page.linked_version not in (None, page.version.number):
        page = article_page(connection, reference, page.linked_version)
    found = next((one for one in page.mentions if one.decision.link.mention == mention), None)
    if found is None or not found.asserted:
        raise NotFound("nothing is asserted of that mention, so there is no evidence sheet of it")
    decision = found.decision
    report = _one(connection, reports, reports.c.id == decision.report_id)
    newest = (
        sa.select(judgements)
        .where(judgements.c.article_id == page.article.id, judgements.c.mention == mention)
        .order_by(judgements.c.seq.desc())
        .limit(1)
    )
    return Sheet(
        page=page,
        mention=found,
        report=report,
        report_capture=_one(connection, captures, captures.c.id == report.capture_id) if report else None,
        origins=_origins(connection, decision.link.inspection_id),
        model=_one(connection, models, models.c.id == decision.link.model_id),
        judgement=connection.execute(newest).first(),
    )


def _origins(connection: sa.Connection, inspection_id: str | None) -> tuple[tuple[str, str | None], ...]:
    """The tables and documents that tell of the inspection."""
    query = (
        sa.select(inspection_claims.c.origin, imports.c.file_name, imports.c.digest)
        .outerjoin(imports, imports.c.id == inspection_claims.c.origin_id)
        .where(inspection_claims.c.inspection_id == inspection_id)
        .order_by(inspection_claims.c.seq)
    )
    told = [
        (f"{row.origin.capitalize()} {row.file_name or ''}".strip(), row.digest)
        for row in connection.execute(query)
    ]
    return tuple(dict.fromkeys(told))


def _one(connection: sa.Connection, table: sa.Table, where: sa.ColumnElement[bool]) -> _Row | None:
    return connection.execute(sa.select(table).where(where)).first()
