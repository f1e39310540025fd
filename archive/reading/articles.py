"""One article as its page shows it: a version's text, its mentions with links and evidence, provenance."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from archive.marks import Piece, Span, family, marked
from archive.waterfall import Waterfall, waterfall
from storage import articles as press
from storage.errors import NotFound
from storage.schema.crawl import captures
from storage.schema.inspections import inspections, reports
from storage.schema.links import link_evidence, links
from storage.schema.press import article_versions, articles
from storage.schema.registers import imports, providers, settings

_Row = sa.Row[*tuple[Any, ...]]


@dataclass(frozen=True, kw_only=True)
class EvidenceLine:
    """One clue held against the record, numbered as its mark in the text."""

    number: int
    clue: str
    family: str
    field: str
    text: str
    start: int | None
    end: int | None
    value: str | None
    told: str
    weight: float


@dataclass(frozen=True, kw_only=True)
class Choice:
    """A decision or a candidate, with the records it names."""

    link: _Row
    inspection: _Row | None
    setting: _Row | None
    provider: _Row | None
    report_id: str | None


@dataclass(frozen=True, kw_only=True)
class Mention:
    """One setting that the article describes: what was decided, why, and what else was considered."""

    decision: Choice
    candidates: tuple[Choice, ...]
    evidence: tuple[EvidenceLine, ...]
    chart: Waterfall

    @property
    def asserted(self) -> bool:
        """Whether the link is stated rather than offered."""
        status: str = self.decision.link.status
        return status == "linked"

    @property
    def others(self) -> tuple[Choice, ...]:
        """The candidates, without the one that is asserted."""
        if not self.asserted:
            return self.candidates
        chosen = _records(self.decision)
        return tuple(choice for choice in self.candidates if _records(choice) != chosen)


@dataclass(frozen=True, kw_only=True)
class ArticlePage:
    """Everything the article's page shows."""

    article: _Row
    version: _Row
    versions: tuple[_Row, ...]
    title: list[list[Piece]]
    paragraphs: list[list[Piece]]
    mentions: tuple[Mention, ...]
    withdrawn: tuple[Choice, ...]
    linked_version: int | None
    capture: _Row | None
    imported: _Row | None


def article_page(connection: sa.Connection, reference: str, version: int | None = None) -> ArticlePage:
    """The article by id, address or external id; NotFound, also where it is restricted."""
    article_id = press.find(connection, reference)
    article = connection.execute(sa.select(articles).where(articles.c.id == article_id)).one()
    if article.restriction:
        raise NotFound(f"there is no article {reference!r}")
    versions = _all(connection, article_versions, article_versions.c.article_id == article_id)
    versions.sort(key=lambda row: row.number)
    shown = next((row for row in versions if row.number == (version or article.latest_version)), None)
    if shown is None:
        raise NotFound(f"the article has no version {version}")
    linked_version, mentions = _mentions(connection, article_id)
    spans = _spans(mentions) if linked_version == shown.number else []
    return ArticlePage(
        article=article,
        version=shown,
        versions=tuple(versions),
        title=marked(shown.title or "Untitled", [span for field, span in spans if field == "title"]),
        paragraphs=marked(shown.text, [span for field, span in spans if field == "text"]),
        mentions=mentions,
        withdrawn=_withdrawn(connection, article_id),
        linked_version=linked_version,
        capture=_one(connection, captures, shown.capture_id),
        imported=_one(connection, imports, shown.import_id),
    )


def _mentions(connection: sa.Connection, article_id: str) -> tuple[int | None, tuple[Mention, ...]]:
    standing = (links.c.article_id == article_id) & (links.c.status != "withdrawn")
    version = connection.execute(sa.select(sa.func.max(links.c.version)).where(standing)).scalar()
    if version is None:
        return None, ()
    rows = _all(connection, links, standing & (links.c.version == version))
    choices = _choices(connection, rows)
    evidence = defaultdict(list)
    of_these = link_evidence.c.link_id.in_([row.id for row in rows])
    for row in connection.execute(sa.select(link_evidence).where(of_these).order_by(link_evidence.c.number)):
        evidence[row.link_id].append(row)
    mentions, first = [], 1
    for number in sorted({row.mention for row in rows}):
        mention = _mention([choice for choice in choices if choice.link.mention == number], evidence, first)
        if mention is not None:
            mentions.append(mention)
            first += len(mention.evidence)
    return version, tuple(mentions)


def _withdrawn(connection: sa.Connection, article_id: str) -> tuple[Choice, ...]:
    """What was asserted once and no longer is, the latest first."""
    gone = (links.c.article_id == article_id) & (links.c.status == "withdrawn") & links.c.rank.is_(None)
    choices = _choices(connection, _all(connection, links, gone))
    return tuple(sorted(choices, key=lambda choice: str(choice.link.withdrawn_at), reverse=True))


def _mention(choices: list[Choice], evidence: dict[str, list[_Row]], first: int) -> Mention | None:
    decision = next((choice for choice in choices if choice.link.rank is None), None)
    if decision is None:
        return None
    candidates = sorted(
        (choice for choice in choices if choice.link.rank is not None), key=lambda choice: choice.link.rank
    )
    rows = evidence.get(decision.link.id) or next(
        (found for choice in candidates if (found := evidence.get(choice.link.id))), []
    )
    ordered = sorted(rows, key=lambda row: (-row.weight, row.number))
    lines = tuple(_line(first + place, row) for place, row in enumerate(ordered))
    return Mention(
        decision=decision,
        candidates=tuple(candidates),
        evidence=lines,
        chart=waterfall([line.weight for line in lines]),
    )


def _records(choice: Choice) -> tuple[str | None, str | None, str | None]:
    link = choice.link
    return link.inspection_id, link.setting_id, link.provider_id


def _line(number: int, row: _Row) -> EvidenceLine:
    return EvidenceLine(
        number=number,
        clue=row.clue,
        family=family(row.clue),
        field=row.field,
        text=row.text,
        start=row.start,
        end=row.end,
        value=row.value,
        told=row.told,
        weight=row.weight,
    )


def _spans(mentions: Sequence[Mention]) -> list[tuple[str, Span]]:
    return [
        (line.field, Span(line.number, line.start, line.end, line.family, line.weight < 0))
        for mention in mentions
        for line in mention.evidence
        if line.start is not None and line.end is not None
    ]


def _choices(connection: sa.Connection, rows: Sequence[_Row]) -> list[Choice]:
    seen = _named(connection, inspections, [row.inspection_id for row in rows])
    homes = _named(
        connection,
        settings,
        [row.setting_id for row in rows] + [inspection.setting_id for inspection in seen.values()],
    )
    choices = []
    for row in rows:
        inspection = seen.get(row.inspection_id)
        setting = homes.get(row.setting_id or (inspection.setting_id if inspection else None))
        owner = _owner(row, inspection, setting)
        choices.append((row, inspection, setting, owner))
    owners = _named(connection, providers, [owner for *_, owner in choices])
    found = sa.select(reports.c.inspection_id, reports.c.id).where(reports.c.inspection_id.in_(list(seen)))
    documents = dict(connection.execute(found).all())
    return [
        Choice(
            link=row,
            inspection=inspection,
            setting=setting,
            provider=owners.get(owner),
            report_id=documents.get(row.inspection_id),
        )
        for row, inspection, setting, owner in choices
    ]


def _owner(link: _Row, inspection: _Row | None, setting: _Row | None) -> str | None:
    """The owner of the inspection's day, else the one the link names, else today's."""
    candidates = (inspection and inspection.provider_id, link.provider_id, setting and setting.provider_id)
    return next((owner for owner in candidates if owner), None)


def _named(connection: sa.Connection, table: sa.Table, ids: Sequence[str | None]) -> dict[str | None, _Row]:
    wanted = sorted({id_ for id_ in ids if id_})
    return {row.id: row for row in _all(connection, table, table.c.id.in_(wanted))}


def _all(connection: sa.Connection, table: sa.Table, where: sa.ColumnElement[bool]) -> list[_Row]:
    return list(connection.execute(sa.select(table).where(where)))


def _one(connection: sa.Connection, table: sa.Table, id_: str | None) -> _Row | None:
    return connection.execute(sa.select(table).where(table.c.id == id_)).first() if id_ else None
