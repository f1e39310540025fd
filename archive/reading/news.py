"""What changed since a look: links made and withdrawn, reports, inspections, texts, colleagues' decisions.

Each kind walks its own newest entries of the change sequence and stops at a fixed number of them, so that
a million changes cost what a thousand do; a list that stopped says so.
"""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final, Literal

import sqlalchemy as sa

from archive import telling
from storage.looks import Look
from storage.schema.crawl import captures
from storage.schema.inspections import inspections, reports
from storage.schema.links import judgements, links
from storage.schema.people import changes
from storage.schema.press import article_versions, articles
from storage.schema.registers import imports, providers, settings

News = Literal["linked", "withdrawn", "report", "inspection", "text", "decision"]
TITLES: Final[dict[News, str]] = {
    "linked": "Stories linked to the record",
    "withdrawn": "Links withdrawn",
    "report": "New reports",
    "inspection": "Inspections added or changed",
    "text": "Stories whose text changed",
    "decision": "Decisions by colleagues",
}
_WALKED: Final = 1_000  # entries of the sequence a kind looks back at
_Row = sa.Row[*tuple[Any, ...]]


@dataclass(frozen=True, kw_only=True)
class Item:
    """One piece of news: where it leads, how it is told, and the records it is about (for follows)."""

    kind: News
    id: str  # of the article, report or inspection
    path: str
    title: str
    told: str
    at: dt.datetime | None
    outlet: str | None = None
    setting: str | None = None
    provider: str | None = None
    group: str | None = None
    authority: str | None = None


@dataclass(frozen=True, kw_only=True)
class Part:
    """The news of one kind, the newest first; ``more``: there are older ones that are not listed."""

    kind: News
    items: tuple[Item, ...]
    more: bool


def news(connection: sa.Connection, look: Look, *, limit: int = 50) -> tuple[Part, ...]:
    """Every kind that has news since the look, in the order pages show them."""
    found = (
        _linked(connection, look, limit, "linked"),
        _linked(connection, look, limit, "withdrawn"),
        _reports(connection, look, limit),
        _inspections(connection, look, limit),
        _texts(connection, look, limit),
        _decisions(connection, look, limit),
    )
    return tuple(part for part in found if part.items)


def _since(look: Look, what: str) -> sa.Subquery:
    newest = (
        sa.select(changes.c.id, changes.c.seq)
        .where(changes.c.what == what, changes.c.seq > look.seq, changes.c.at > look.at)
        .order_by(changes.c.seq.desc())
        .limit(_WALKED)
        .subquery()
    )
    return sa.select(newest.c.id, sa.func.max(newest.c.seq).label("seq")).group_by(newest.c.id).subquery()


_RECORD: Final = (
    settings.c.urn,
    settings.c.kind.label("setting_kind"),
    settings.c.name.label("setting_name"),
    settings.c.name_withheld,
    settings.c.local_authority,
    providers.c.name.label("provider_name"),
    providers.c.group_name,
)


def _linked(connection: sa.Connection, look: Look, limit: int, kind: Literal["linked", "withdrawn"]) -> Part:
    since = _since(look, "link")
    when = links.c.decided_at if kind == "linked" else links.c.withdrawn_at
    owner = sa.func.coalesce(links.c.provider_id, settings.c.provider_id)
    columns = (links.c.setting_id, owner.label("provider_id"), links.c.probability, links.c.confirmed)
    query = (
        sa.select(*columns, when.label("at"), articles.c.id, articles.c.outlet, article_versions.c.title)
        .add_columns(*_RECORD)
        .select_from(links)
        .join(since, since.c.id == links.c.id)
        .join(articles, articles.c.id == links.c.article_id)
        .join(article_versions, _latest())
        .outerjoin(settings, settings.c.id == links.c.setting_id)
        .outerjoin(providers, providers.c.id == owner)
        .where(articles.c.restriction.is_(None))
        .where(links.c.rank.is_(None), links.c.status == kind, when > look.at)
        .order_by(since.c.seq.desc())
    )
    return _part(kind, connection.execute(query.limit(limit + 1)), limit, lambda row: _article(row, kind))


def _decisions(connection: sa.Connection, look: Look, limit: int) -> Part:
    newest = sa.select(judgements).order_by(judgements.c.seq.desc()).limit(_WALKED).subquery()
    columns = (newest.c.setting_id, newest.c.provider_id, newest.c.who, newest.c.decision, newest.c.at)
    query = (
        sa.select(*columns, articles.c.id, articles.c.outlet, article_versions.c.title, *_RECORD)
        .join(articles, articles.c.id == newest.c.article_id)
        .join(article_versions, _latest())
        .outerjoin(settings, settings.c.id == newest.c.setting_id)
        .outerjoin(providers, providers.c.id == newest.c.provider_id)
        .where(articles.c.restriction.is_(None), newest.c.at > look.at)
        .order_by(newest.c.seq.desc())
    )
    return _part("decision", connection.execute(query.limit(limit + 1)), limit, _decision)


def _texts(connection: sa.Connection, look: Look, limit: int) -> Part:
    since = _since(look, "article")
    columns = (articles.c.id, articles.c.outlet, article_versions.c.title, article_versions.c.number)
    query = (
        sa.select(*columns, article_versions.c.learned_at.label("at"))
        .join(article_versions, _latest())
        .join(since, since.c.id == articles.c.id)
        .where(articles.c.restriction.is_(None), article_versions.c.number > 1)
        .where(article_versions.c.learned_at > look.at)
        .order_by(since.c.seq.desc())
    )
    return _part("text", connection.execute(query.limit(limit + 1)), limit, _text)


def _reports(connection: sa.Connection, look: Look, limit: int) -> Part:
    since = _since(look, "report")
    learned = sa.func.coalesce(imports.c.learned_at, captures.c.fetched_at)
    columns = (reports.c.id, reports.c.first_day, reports.c.last_day, reports.c.kind, reports.c.overall)
    query = (
        sa.select(*columns, learned.label("at"), settings.c.id.label("setting_id"), settings.c.provider_id)
        .add_columns(*_RECORD)
        .join(since, since.c.id == reports.c.id)
        .outerjoin(imports, imports.c.id == reports.c.import_id)
        .outerjoin(captures, captures.c.id == reports.c.capture_id)
        .join(settings, settings.c.id == reports.c.setting_id)
        .outerjoin(providers, providers.c.id == settings.c.provider_id)
        .where(reports.c.restriction.is_(None), learned > look.at)
        .order_by(since.c.seq.desc())
    )
    rows = connection.execute(query.limit(limit + 1))
    return _part("report", rows, limit, lambda row: _official(row, "report"))


def _inspections(connection: sa.Connection, look: Look, limit: int) -> Part:
    since = _since(look, "inspection")
    owner = sa.func.coalesce(inspections.c.provider_id, settings.c.provider_id)
    columns = (inspections.c.id, inspections.c.first_day, inspections.c.last_day, inspections.c.kind)
    query = (
        sa.select(*columns, inspections.c.overall, settings.c.id.label("setting_id"), sa.null().label("at"))
        .add_columns(owner.label("provider_id"), *_RECORD)
        .join(since, since.c.id == inspections.c.id)
        .join(settings, settings.c.id == inspections.c.setting_id)
        .outerjoin(providers, providers.c.id == owner)
        .order_by(since.c.seq.desc())
    )
    rows = connection.execute(query.limit(limit + 1))
    return _part("inspection", rows, limit, lambda row: _official(row, "inspection"))


def _latest() -> sa.ColumnElement[bool]:
    same = article_versions.c.article_id == articles.c.id
    return same & (article_versions.c.number == articles.c.latest_version)


def _part(kind: News, rows: Iterable[_Row], limit: int, told: Callable[[_Row], Item]) -> Part:
    items = [told(row) for row in rows]
    return Part(kind=kind, items=tuple(items[:limit]), more=len(items) > limit)


def _about(row: _Row) -> dict[str, Any]:
    return {
        "setting": row.setting_id,
        "provider": row.provider_id,
        "group": row.group_name,
        "authority": row.local_authority,
    }


def _place(row: _Row) -> str | None:
    """The setting as it may be named, with its URN; the provider where no setting is asserted."""
    if row.urn is None:
        return str(row.provider_name) if row.provider_name else None
    kind = f"{row.setting_kind[:1].upper()}{row.setting_kind[1:]}"
    named = kind if row.name_withheld or not row.setting_name else row.setting_name
    where = f" in {row.local_authority}" if row.local_authority else ""
    return f"{named}{where}, {row.urn}"


def _article(row: _Row, kind: News) -> Item:
    sure = "confirmed by a person" if row.confirmed else f"{telling.percent(row.probability)} certain"
    return Item(
        kind=kind,
        id=row.id,
        path=f"/articles/{row.id}",
        title=row.title or "Untitled",
        told=" · ".join(filter(None, (row.outlet, _place(row), sure if kind == "linked" else None))),
        at=row.at,
        outlet=row.outlet,
        **_about(row),
    )


def _decision(row: _Row) -> Item:
    decided = row.decision.replace("_", " ")
    return Item(
        kind="decision",
        id=row.id,
        path=f"/articles/{row.id}",
        title=row.title or "Untitled",
        told=" · ".join(filter(None, (f"{row.who}: {decided}", _place(row)))),
        at=row.at,
        outlet=row.outlet,
        **_about(row),
    )


def _text(row: _Row) -> Item:
    told = " · ".join(filter(None, (row.outlet, f"version {row.number}")))
    title = row.title or "Untitled"
    return Item(
        kind="text",
        id=row.id,
        path=f"/articles/{row.id}",
        title=title,
        told=told,
        at=row.at,
        outlet=row.outlet,
    )


def _official(row: _Row, kind: Literal["report", "inspection"]) -> Item:
    days = telling.days(row.first_day, row.last_day)
    return Item(
        kind=kind,
        id=row.id,
        path=f"/{kind}s/{row.id}",
        title=f"{_place(row)}: {row.kind} inspection, {days}",
        told=" · ".join(filter(None, (row.overall, row.provider_name))),
        at=row.at,
        **_about(row),
    )
