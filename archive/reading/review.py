"""One mention as a reviewer sees it: the text with its clues, the candidates, and what is hidden at first."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from archive import deciding
from archive.marks import Piece, Span, family, marked
from archive.reading import queue
from archive.reading.queue import Due
from archive.telling import answer
from storage import judged
from storage.errors import NotFound
from storage.ids import digest_of
from storage.schema.inspections import inspections, reports
from storage.schema.links import judgements as log
from storage.schema.links import link_evidence, linker_answers, links
from storage.schema.press import article_versions, articles
from storage.schema.registers import providers, settings

_Row = sa.Row[*tuple[Any, ...]]


@dataclass(frozen=True, kw_only=True)
class Named:
    """A row of links, answers or judgements, with the records that it names."""

    row: _Row
    inspection: _Row | None
    setting: _Row | None
    provider: str | None
    report_id: str | None

    @property
    def level(self) -> str:
        """The finest record that the row names."""
        names = ("inspection", "setting", "provider")
        return next((name for name in names if self.row._mapping[f"{name}_id"]), "none")

    @property
    def told(self) -> str:
        """A judgement or, of a link, what it asserts or why it asserts nothing, in words."""
        said = self.row._mapping
        if "decision" in said:
            return deciding.told(said["decision"], self.level, self)
        return deciding.target(said["level"], self) if said["status"] == "linked" else answer(said["answer"])

    def value(self, reach: str) -> str | None:
        """What the form says to choose it at that level; None where it does not reach so far."""
        record = self.row._mapping[f"{reach}_id"]
        return f"{reach} {record}" if record else None


@dataclass(frozen=True, kw_only=True)
class ReviewItem:
    """Everything the page of one mention shows; ``said`` and probabilities are for those who may see them."""

    due: Due
    person: str
    reading: int
    blind: bool
    article: _Row
    version: _Row
    title: list[list[Piece]]
    paragraphs: list[list[Piece]]
    families: tuple[str, ...]
    cards: tuple[Named, ...]
    said: Named
    history: tuple[Named, ...]

    @property
    def own(self) -> Named | None:
        """The person's own judgement, where it stands."""
        return next((one for one in self.standing if one.row.who == self.person), None)

    @property
    def standing(self) -> tuple[Named, ...]:
        """The judgements that stand: of the first reader, and of the second."""
        newest = {one.row.reading: one for one in self.history}
        return tuple(one for one in newest.values() if one.row.decision != "undone")

    def shown(self, via: str) -> dict[str, Any]:
        """What the person sees, as the log keeps it: ids and numbers, no words of the press."""
        ids = ("inspection_id", "setting_id", "provider_id")
        return {
            "candidates": [[card.row._mapping[name] for name in ids] for card in self.cards],
            "probabilities_hidden": self.blind,
            "linker_hidden": self.blind,
            "version": self.due.version,
            "text": self.version.digest,
            "reading": self.reading,
            "priority": round(self.due.priority, 6),
            "via": via,
        }

    @property
    def seen(self) -> str:
        """A digest of what is shown, by which a form tells that nothing changed meanwhile."""
        shown = {name: value for name, value in self.shown("").items() if name != "priority"}
        return digest_of(json.dumps(shown, sort_keys=True).encode())


def review_item(
    connection: sa.Connection, place: tuple[str, int], person: str, share: float, *, seen: bool = False
) -> ReviewItem:
    """The mention as that person may see it; NotFound. ``seen``: they come from where the answer stands.

    The answer and the probabilities are hidden until the person has judged it. A second reader is shown
    neither them nor what the first one decided, wherever they come from.
    """
    due = queue.item(connection, *place)
    if due is None:
        raise NotFound("there is no such mention to review")
    history = named(connection, log, _of(log, place), [log.c.seq])
    reading = due.reading_of(person, share)
    fresh = reading is not None and all(one.row.who != person for one in history)
    article = connection.execute(sa.select(articles).where(articles.c.id == place[0])).one()
    wanted = (article_versions.c.article_id == place[0]) & (article_versions.c.number == due.version)
    version = connection.execute(sa.select(article_versions).where(wanted)).one()
    cards = _cards(connection, place, person)
    spans = _spans(connection, [card.row.id for card in cards])
    return ReviewItem(
        due=due,
        person=person,
        reading=reading or 1,
        blind=fresh and (reading == 2 or not seen),
        article=article,
        version=version,
        title=marked(version.title or "Untitled", [span for field, span in spans if field == "title"]),
        paragraphs=marked(version.text, [span for field, span in spans if field == "text"]),
        families=tuple(dict.fromkeys(span.family for _, span in spans)),
        cards=cards,
        said=_said(connection, place),
        history=tuple(history),
    )


def lead_of(connection: sa.Connection, article_id: str) -> tuple[str, int]:
    """The first mention of an article or, where a copy of its story decided, of that copy; NotFound."""
    rows = judged.decisions(connection, [article_id])
    if not rows:
        raise NotFound("this story has not been looked at by the linker yet; there is nothing to review")
    row = min(rows, key=lambda one: one["mention"])
    inherited = row["origin"] and not judged.is_judged(row)
    return (row["origin"] if inherited else article_id), row["mention"]


def judgement(connection: sa.Connection, seq: int, person: str) -> tuple[Named, Named] | None:
    """A judgement of that person, and what the linker says of the mention; None where there is none such."""
    found = named(connection, log, (log.c.seq == seq) & (log.c.who == person), [log.c.seq])
    if not found:
        return None
    row = found[0].row
    return found[0], _said(connection, (row.article_id, row.mention))


def titles(connection: sa.Connection, dues: Sequence[Due]) -> dict[str, _Row]:
    """Title and date of the articles of these mentions, by id."""
    newest = article_versions.c.number == articles.c.latest_version
    query = (
        sa.select(articles.c.id, article_versions.c.title, articles.c.published)
        .join(article_versions, (article_versions.c.article_id == articles.c.id) & newest)
        .where(articles.c.id.in_([due.article_id for due in dues]))
    )
    return {row.id: row for row in connection.execute(query)}


def _of(table: sa.Table, place: tuple[str, int]) -> sa.ColumnElement[bool]:
    return (table.c.article_id == place[0]) & (table.c.mention == place[1])


def _cards(connection: sa.Connection, place: tuple[str, int], person: str) -> tuple[Named, ...]:
    """The candidates, or what is asserted without any, in an order that tells nothing of their ranks."""
    here = _of(links, place)
    found = named(connection, links, here & (links.c.status == "candidate"), [links.c.rank])
    if not found:
        asserted = here & (links.c.status == "linked") & (links.c.decided_by == judged.LINKER)
        found = named(connection, links, asserted & links.c.rank.is_(None), [links.c.id])

    def shuffled(card: Named) -> str:
        row = card.row
        return digest_of(f"{person} {place} {row.inspection_id} {row.setting_id} {row.provider_id}".encode())

    return tuple(sorted(found, key=shuffled))


def _said(connection: sa.Connection, place: tuple[str, int]) -> Named:
    """What the linker says: its decision or, of a judged mention, the answer that is kept beside it."""
    kept = named(connection, linker_answers, _of(linker_answers, place), [linker_answers.c.mention])
    standing = _of(links, place) & links.c.rank.is_(None) & (links.c.status != "withdrawn")
    return (kept or named(connection, links, standing, [links.c.id]))[0]


def _spans(connection: sa.Connection, ids: Sequence[str]) -> list[tuple[str, Span]]:
    """The clues of all candidates alike, so that the marks do not tell which is thought the likeliest."""
    query = sa.select(link_evidence.c.field, link_evidence.c.start, link_evidence.c.end, link_evidence.c.clue)
    placed = query.where(link_evidence.c.link_id.in_(ids), link_evidence.c.start.is_not(None)).distinct()
    rows = connection.execute(placed.order_by(link_evidence.c.start, link_evidence.c.end)).all()
    kept = {(row.field, row.start, row.end, family(row.clue)): None for row in rows}
    return [(field, Span(0, start, end, colour)) for field, start, end, colour in kept]


def named(
    connection: sa.Connection,
    table: sa.Table,
    where: sa.ColumnElement[bool],
    order: Sequence[sa.ColumnElement[Any]],
) -> list[Named]:
    """Rows of links, answers or judgements, each with its records."""
    rows = connection.execute(sa.select(table).where(where).order_by(*order)).all()
    visits = _by_id(connection, inspections, [row.inspection_id for row in rows])
    homes = _by_id(connection, settings, [row.setting_id for row in rows])
    owners = _by_id(connection, providers, [row.provider_id for row in rows])
    held = sa.select(reports.c.inspection_id, reports.c.id).where(
        reports.c.inspection_id.in_(list(visits)), reports.c.restriction.is_(None)
    )
    documents = dict(connection.execute(held).all())
    return [
        Named(
            row=row,
            inspection=visits.get(row.inspection_id),
            setting=homes.get(row.setting_id),
            provider=getattr(owners.get(row.provider_id), "name", None),
            report_id=documents.get(row.inspection_id),
        )
        for row in rows
    ]


def _by_id(connection: sa.Connection, table: sa.Table, ids: Sequence[str | None]) -> dict[str, _Row]:
    wanted = {id_ for id_ in ids if id_}
    if not wanted:
        return {}
    return {row.id: row for row in connection.execute(sa.select(table).where(table.c.id.in_(wanted)))}
