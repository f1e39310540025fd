"""Articles, stories, links and judgements, a stretch at a time. What is restricted is not there."""

import datetime as dt
from dataclasses import dataclass, fields
from typing import Any, Final

import sqlalchemy as sa

from archive.reading.stretches.stretch import Stretch
from storage.schema.inspections import inspections
from storage.schema.links import judgements, links
from storage.schema.press import article_versions, articles
from storage.schema.registers import providers, settings

_OWNER_ID: Final = sa.func.coalesce(inspections.c.provider_id, links.c.provider_id, settings.c.provider_id)
_ARTICLES: Final = articles.join(
    article_versions,
    (article_versions.c.article_id == articles.c.id)
    & (article_versions.c.number == articles.c.latest_version),
)


@dataclass(frozen=True, kw_only=True)
class ArticleLine:
    """An article in a list, by its newest version."""

    id: str
    url: str
    external_id: str | None
    source_id: str | None
    outlet: str | None
    title: str | None
    byline: str | None
    published: str | None
    story_id: str | None
    latest_version: int
    first_seen: dt.datetime


@dataclass(frozen=True, kw_only=True)
class StoryLine:
    """A story and how many of its copies are here."""

    id: str
    copies: int
    published: str | None


@dataclass(frozen=True, kw_only=True)
class LinkLine:
    """A decision or a candidate, with what it names."""

    id: str
    article_id: str
    article_url: str
    external_id: str | None
    article_version: int
    outlet: str | None
    published: str | None
    title: str | None
    mention: int
    rank: int | None
    status: str
    answer: str | None
    level: str
    inspection_id: str | None
    inspection_date: dt.date | None
    setting_id: str | None
    regulator: str | None
    urn: str | None
    setting_kind: str | None
    local_authority: str | None
    provider_id: str | None
    provider: str | None
    probability: float
    confirmed: bool
    decided_by: str
    decided_at: dt.datetime
    withdrawn_at: dt.datetime | None
    model: str | None


@dataclass(frozen=True, kw_only=True)
class JudgementLine:
    """What a person decided of a mention."""

    seq: int
    article_id: str
    mention: int
    version: int | None
    decision: str
    inspection_id: str | None
    setting_id: str | None
    provider_id: str | None
    reason: str | None
    who: str
    at: dt.datetime
    reading: int
    model_id: str | None


def article_stretch(connection: sa.Connection, wanted: Stretch) -> list[ArticleLine]:
    """Articles, narrowed by outlet, source_id or story_id."""
    here = {field.name: articles.c.get(field.name) for field in fields(ArticleLine)}
    columns = [article_versions.c[name] if column is None else column for name, column in here.items()]
    query = sa.select(*columns).select_from(_ARTICLES).where(articles.c.restriction.is_(None))
    rows = connection.execute(wanted.of(query, articles.c.id, articles.c))
    return [ArticleLine(**row._mapping) for row in rows]


def story_stretch(connection: sa.Connection, wanted: Stretch) -> list[StoryLine]:
    """Stories of which two copies or more are here."""
    query = (
        sa.select(
            articles.c.story_id.label("id"),
            sa.func.count().label("copies"),
            sa.func.min(articles.c.published).label("published"),
        )
        .where(articles.c.story_id.is_not(None), articles.c.restriction.is_(None))
        .group_by(articles.c.story_id)
        .having(sa.func.count() > 1)
    )
    rows = connection.execute(wanted.of(query, articles.c.story_id, articles.c))
    return [StoryLine(**row._mapping) for row in rows]


def link_stretch(connection: sa.Connection, wanted: Stretch) -> list[LinkLine]:
    """Links, narrowed by any column of ``LinkLine``."""
    columns = _link_columns()
    query = (
        sa.select(*(column.label(name) for name, column in columns.items()))
        .select_from(links)
        .join(articles, articles.c.id == links.c.article_id)
        .outerjoin(
            article_versions,
            (article_versions.c.article_id == links.c.article_id)
            & (article_versions.c.number == links.c.version),
        )
        .outerjoin(inspections, inspections.c.id == links.c.inspection_id)
        .outerjoin(settings, settings.c.id == links.c.setting_id)
        .outerjoin(providers, providers.c.id == _OWNER_ID)
        .where(articles.c.restriction.is_(None))
    )
    rows = connection.execute(wanted.of(query, links.c.id, columns))
    return [LinkLine(**row._mapping) for row in rows]


def judgement_stretch(connection: sa.Connection, wanted: Stretch) -> list[JudgementLine]:
    """Judgements in the order they were made, narrowed by article_id, who or decision."""
    query = (
        sa.select(*(judgements.c[field.name] for field in fields(JudgementLine)))
        .join(articles, articles.c.id == judgements.c.article_id)
        .where(articles.c.restriction.is_(None))
    )
    rows = connection.execute(wanted.of(query, judgements.c.seq, judgements.c))
    return [JudgementLine(**row._mapping) for row in rows]


def _link_columns() -> dict[str, sa.ColumnElement[Any]]:
    elsewhere: dict[str, sa.ColumnElement[Any]] = {
        "article_url": articles.c.url,
        "external_id": articles.c.external_id,
        "article_version": links.c.version,
        "outlet": articles.c.outlet,
        "published": articles.c.published,
        "title": article_versions.c.title,
        "inspection_date": sa.func.coalesce(inspections.c.first_day, inspections.c.last_day),
        "regulator": settings.c.regulator,
        "urn": settings.c.urn,
        "setting_kind": settings.c.kind,
        "local_authority": settings.c.local_authority,
        "provider_id": providers.c.id,
        "provider": providers.c.name,
        "model": links.c.model_id,
    }
    return {
        field.name: elsewhere[field.name] if field.name in elsewhere else links.c[field.name]
        for field in fields(LinkLine)
    }
