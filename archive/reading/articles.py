"""One article as its page shows it: a version's text, its mentions with links and evidence, provenance."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa

from archive.contrast import Contrast, contrast
from archive.marks import Piece, Span, family, marked
from archive.reading.copies import Story, story_of
from archive.reading.quoted import Quotes, of_article
from archive.waterfall import Waterfall, in_words, waterfall
from storage import articles as press
from storage.errors import NotFound
from storage.schema.crawl import captures, sources
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

    link: Any  # a row of links, or what a text that is not stored would link to
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
    in_words: str
    runner_up: Choice | None
    contrast: Contrast | None
    quotes: Quotes | None = None

    @property
    def best(self) -> Choice | None:
        """What is asserted, else the first candidate."""
        return self.decision if self.asserted else next(iter(self.candidates), None)

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
    story: Story | None
    source: _Row | None

    @property
    def readable(self) -> bool:
        """Whether the outlet's terms let the newsroom read the text here."""
        return self.source is None or self.source.shown_to != "nobody"


def article_page(
    connection: sa.Connection, reference: str, version: int | None = None, *, sealed: bool = False
) -> ArticlePage:
    """The article by id, address or external id; NotFound, also where it is restricted.

    ``sealed``: also where it is; for operators who gave a reason, in the transaction that notes it.
    """
    article_id = press.find(connection, reference, sealed=sealed)
    article = connection.execute(sa.select(articles).where(articles.c.id == article_id)).one()
    if article.restriction and not sealed:
        raise NotFound(f"there is no article {reference!r}")
    versions = _all(connection, article_versions, article_versions.c.article_id == article_id)
    versions.sort(key=lambda row: row.number)
    shown = next((row for row in versions if row.number == (version or article.latest_version)), None)
    if shown is None:
        raise NotFound(f"the article has no version {version}")
    linked_version, mentions = _mentions(connection, article_id)
    if linked_version == shown.number:
        mentions = tuple(_with_quotes(connection, mention, shown.text) for mention in mentions)
    spans = spans_of(mentions) if linked_version == shown.number else []
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
        story=story_of(connection, article_id, [mention.decision.link.id for mention in mentions])
        if article.story_id
        else None,
        source=_one(connection, sources, article.source_id),
    )


def _mentions(connection: sa.Connection, article_id: str) -> tuple[int | None, tuple[Mention, ...]]:
    standing = (links.c.article_id == article_id) & (links.c.status != "withdrawn")
    version = connection.execute(sa.select(sa.func.max(links.c.version)).where(standing)).scalar()
    if version is None:
        return None, ()
    rows = _all(connection, links, standing & (links.c.version == version))
    choices = choices_of(connection, rows)
    evidence = defaultdict(list)
    of_these = link_evidence.c.link_id.in_([row.id for row in rows])
    for row in connection.execute(sa.select(link_evidence).where(of_these).order_by(link_evidence.c.number)):
        evidence[row.link_id].append(row)
    mentions, first = [], 1
    for number in sorted({row.mention for row in rows}):
        mention = mention_of([choice for choice in choices if choice.link.mention == number], evidence, first)
        if mention is not None:
            mentions.append(mention)
            first += len(mention.evidence)
    return version, tuple(mentions)


def _withdrawn(connection: sa.Connection, article_id: str) -> tuple[Choice, ...]:
    """What was asserted once and no longer is, the latest first."""
    gone = (links.c.article_id == article_id) & (links.c.status == "withdrawn") & links.c.rank.is_(None)
    choices = choices_of(connection, _all(connection, links, gone))
    return tuple(sorted(choices, key=lambda choice: str(choice.link.withdrawn_at), reverse=True))


def mention_of(
    choices: list[Choice], evidence: Mapping[str, Sequence[Any]], first: int = 1
) -> Mention | None:
    """A mention of its decision and candidates; ``evidence`` by the link's id, numbered from ``first``."""
    decision = next((choice for choice in choices if choice.link.rank is None), None)
    if decision is None:
        return None
    candidates = sorted(
        (choice for choice in choices if choice.link.rank is not None), key=lambda choice: choice.link.rank
    )
    best = decision if decision.link.status == "linked" else next(iter(candidates), None)
    rows = evidence.get(decision.link.id) or (evidence.get(best.link.id, ()) if best else ())
    ordered = sorted(rows, key=lambda row: (-row.weight, row.number))
    lines = tuple(_line(first + place, row) for place, row in enumerate(ordered))
    second = next((one for one in candidates if best and _records(one) != _records(best)), None)
    against = evidence.get(second.link.id, []) if second else []
    return Mention(
        decision=decision,
        candidates=tuple(candidates),
        evidence=lines,
        chart=waterfall([line.weight for line in lines]),
        in_words=in_words([(line.clue, line.weight) for line in lines]),
        runner_up=second,
        contrast=contrast(rows, against, decision.link.margin) if rows and against else None,
    )


def _with_quotes(connection: sa.Connection, mention: Mention, text: str) -> Mention:
    known = [
        (line.start, line.end)
        for line in mention.evidence
        if line.clue == "quotation" and line.field == "text" and line.start is not None and line.end
    ]
    held = of_article(connection, mention.best.report_id if mention.best else None, text, known)
    return replace(mention, quotes=held)


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


def spans_of(mentions: Sequence[Mention]) -> list[tuple[str, Span]]:
    """The characters that clues cover, by their field."""
    return [
        (line.field, Span(line.number, line.start, line.end, line.family, line.weight < 0))
        for mention in mentions
        for line in mention.evidence
        if line.start is not None and line.end is not None
    ]


def choices_of(connection: sa.Connection, rows: Sequence[Any]) -> list[Choice]:
    """Decisions and candidates with the records they name."""
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
    found = (
        sa.select(reports.c.inspection_id, reports.c.id)
        .where(reports.c.inspection_id.in_(list(seen)), reports.c.restriction.is_(None))
        .order_by(reports.c.id.desc())
    )
    documents = dict(connection.execute(found).all()) if seen else {}
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
    return {row.id: row for row in _all(connection, table, table.c.id.in_(wanted))} if wanted else {}


def _all(connection: sa.Connection, table: sa.Table, where: sa.ColumnElement[bool]) -> list[_Row]:
    return list(connection.execute(sa.select(table).where(where)))


def _one(connection: sa.Connection, table: sa.Table, id_: str | None) -> _Row | None:
    return connection.execute(sa.select(table).where(table.c.id == id_)).first() if id_ else None
