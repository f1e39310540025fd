"""The words of a report that articles repeat: from the article's side, and from the report's."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from archive.quoted import Repeated, Sentence, quotations, repeated
from archive.reading.listed import CoverageLine
from storage.masking import masked
from storage.schema.inspections import report_sentences, reports
from storage.schema.links import link_evidence, links
from storage.schema.press import article_versions

_Row = sa.Row[*tuple[Any, ...]]
_ARTICLES = 12
"""Articles whose quotations are sought in one report; a page must not wait for the hundredth copy."""


@dataclass(frozen=True, kw_only=True)
class Use:
    """An article that repeats a sentence of the report."""

    article_id: str
    outlet: str | None
    title: str | None


@dataclass(frozen=True, kw_only=True)
class Quotes:
    """What an article quotes of one report, in the order of its text."""

    report: _Row
    repeated: tuple[Repeated, ...]


def of_article(
    connection: sa.Connection, report_id: str | None, text: str, known: Iterable[tuple[int, int]]
) -> Quotes | None:
    """The quotations of ``text`` that stand in the report; None where there is none.

    ``known``: characters of the text that the linker took for quotations. Postcodes and numbers are masked.
    """
    if report_id is None:
        return None
    query = sa.select(reports.c.id, reports.c.inspection_id, reports.c.text).where(reports.c.id == report_id)
    report = connection.execute(query).one()
    found = quotations(masked(text), known)
    held = repeated(found, masked(report.text or ""), sentences_of(connection, report_id)) if found else []
    return Quotes(report=report, repeated=tuple(held)) if held else None


def sentences_of(connection: sa.Connection, report_id: str) -> list[Sentence]:
    """The sentences of a report, in order."""
    of_it = report_sentences.c.report_id == report_id
    query = sa.select(report_sentences).where(of_it).order_by(report_sentences.c.number)
    return [
        Sentence(number=row.number, page=row.page, start=row.start, end=row.end)
        for row in connection.execute(query)
    ]


def uses(
    connection: sa.Connection, report: _Row, sentences: Sequence[Sentence], lines: Sequence[CoverageLine]
) -> dict[int, list[Use]]:
    """Which of the articles repeat which sentence: number of the sentence → articles."""
    wanted = [line.id for line in lines[:_ARTICLES]]
    texts = _texts(connection, wanted)
    known = _known(connection, wanted)
    used: dict[int, list[Use]] = {}
    for line in lines[:_ARTICLES]:
        use = Use(article_id=line.id, outlet=line.outlet, title=line.title)
        found = quotations(texts.get(line.id, ""), known.get(line.id, ()))
        repeats = repeated(found, report.text or "", sentences) if found else []
        for number in sorted({one.number for repeat in repeats for one in repeat.sentences}):
            used.setdefault(number, []).append(use)
    return used


def _texts(connection: sa.Connection, ids: Sequence[str]) -> dict[str, str]:
    """The text of each article in the version that was linked."""
    decided = (links.c.article_id == article_versions.c.article_id) & links.c.rank.is_(None)
    query = (
        sa.select(article_versions.c.article_id, article_versions.c.text)
        .join(links, decided & (links.c.version == article_versions.c.number))
        .where(article_versions.c.article_id.in_(ids), links.c.status == "linked")
    )
    return dict(connection.execute(query).all())


def _known(connection: sa.Connection, ids: Sequence[str]) -> dict[str, list[tuple[int, int]]]:
    query = (
        sa.select(links.c.article_id, link_evidence.c.start, link_evidence.c.end)
        .join(link_evidence, link_evidence.c.link_id == links.c.id)
        .where(links.c.article_id.in_(ids), links.c.rank.is_(None), links.c.status == "linked")
        .where(link_evidence.c.clue == "quotation", link_evidence.c.field == "text")
        .where(link_evidence.c.start.is_not(None))
    )
    spans: dict[str, list[tuple[int, int]]] = {}
    for row in connection.execute(query):
        spans.setdefault(row.article_id, []).append((row.start, row.end))
    return spans
