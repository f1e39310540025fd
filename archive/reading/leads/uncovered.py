"""Inspections nobody covered: graded, published, and no story linked to them."""

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote

import sqlalchemy as sa

from archive.reading.kept import Kept
from archive.reading.leads.shape import EVERY, WITHIN, Asked, Cell, Choice, Found, Lead, Options, Row
from archive.telling import day, days, setting_title
from storage.batches import select_where_in
from storage.schema.inspections import inspections
from storage.schema.links import links
from storage.schema.press import articles
from storage.schema.registers import providers, settings

_SEVERITIES: Final = {
    "inadequate": ("Inadequate",),
    "weak": ("Inadequate", "Requires improvement to be good", "Adequate"),
    "outstanding": ("Outstanding",),
}
_NAMES: Final[Options] = (
    ("inadequate", "inadequate"),
    ("weak", "less than good"),
    ("outstanding", "outstanding"),
)


def authorities(connection: sa.Connection) -> Options:
    """The authorities that registers name."""
    column = settings.c.local_authority
    query = sa.select(column).where(column.is_not(None)).distinct().order_by(column)
    return [(name, name) for name in connection.scalars(query)]


def regions(connection: sa.Connection) -> Options:
    """The regions that registers name."""
    column = settings.c.region
    query = sa.select(column).where(column.is_not(None)).distinct().order_by(column)
    return [(name, name) for name in connection.scalars(query)]


def find(connection: sa.Connection, asked: Asked, kept: Kept) -> Found:
    """Newest publication first."""
    where = _where(asked)
    joined = inspections.join(settings, settings.c.id == inspections.c.setting_id)
    count = sa.select(sa.func.count()).select_from(joined).where(where)
    name = ("uncovered", *sorted(asked.chosen.items()), asked.today)
    total = kept.of(connection, name, lambda held: held.execute(count).scalar_one())
    newest = (
        inspections.c.published.desc().nulls_last(),
        inspections.c.first_day.desc().nulls_last(),
        inspections.c.id,
    )
    ids = sa.select(inspections.c.id).select_from(joined).where(where).order_by(*newest)
    shown = list(connection.scalars(ids.offset(asked.first).limit(asked.size)))
    rows = {row["id"]: row for row in select_where_in(connection, _query(), inspections.c.id, shown)}
    return Found(total=total, rows=[_row(rows[id_]) for id_ in shown])


def _query() -> sa.Select[Any]:
    columns = ("id", "kind", "first_day", "last_day", "published", "overall", "setting_id")
    joined = inspections.join(settings, settings.c.id == inspections.c.setting_id)
    return sa.select(
        *(inspections.c[name] for name in columns),
        *(settings.c[name] for name in ("urn", "local_authority", "name", "name_withheld")),
        settings.c.kind.label("setting_kind"),
        providers.c.id.label("provider_id"),
        sa.func.coalesce(providers.c.name, inspections.c.provider_name).label("provider"),
        _of_the_home().label("near"),
    ).select_from(joined.outerjoin(providers, providers.c.id == inspections.c.provider_id))


def _where(asked: Asked) -> sa.ColumnElement[bool]:
    told = (
        sa.select(links.c.id)
        .join(articles, articles.c.id == links.c.article_id)
        .where(
            links.c.inspection_id == inspections.c.id,
            links.c.status == "linked",
            links.c.rank.is_(None),
            articles.c.restriction.is_(None),
        )
    )
    where = inspections.c.overall.in_(_SEVERITIES[asked.chosen["severity"]]) & ~sa.exists(told)
    if since := asked.since():
        unpublished = inspections.c.published.is_(None) & (inspections.c.first_day >= since)
        where &= sa.or_(inspections.c.published >= since, unpublished)
    if authority := asked.chosen["authority"]:
        where &= settings.c.local_authority == authority
    if region := asked.chosen["region"]:
        where &= settings.c.region == region
    return where


def _of_the_home() -> sa.ScalarSelect[int]:
    """Stories linked to the home, whichever inspection they are of: they may be of this one."""
    return (
        sa.select(sa.func.count(sa.distinct(links.c.article_id)))
        .join(articles, articles.c.id == links.c.article_id)
        .where(
            links.c.setting_id == inspections.c.setting_id,
            links.c.status == "linked",
            links.c.rank.is_(None),
            links.c.inspection_id.is_(None),
            articles.c.restriction.is_(None),
        )
        .scalar_subquery()
    )


class _Home:
    """What ``setting_title`` reads."""

    def __init__(self, row: Mapping[str, Any]) -> None:
        self.kind: str = row["setting_kind"]
        self.name: str | None = row["name"]
        self.name_withheld: bool = row["name_withheld"]
        self.local_authority: str | None = row["local_authority"]


def _row(row: Mapping[str, Any]) -> Row:
    owner = row["provider_id"] and f"/providers/{quote(row['provider_id'], safe='')}"
    return (
        Cell(
            text=days(row["first_day"], row["last_day"]),
            link=f"/inspections/{quote(row['id'], safe='')}",
            day=True,
        ),
        Cell(text=row["overall"], grade=True),
        Cell(text=day(row["published"]), day=True),
        Cell(text=row["urn"], link=f"/settings/{quote(row['setting_id'], safe='')}"),
        Cell(text=setting_title(_Home(row))),
        Cell(text=row["provider"] or "unknown", link=owner),
        Cell(text=str(row["near"]), number=True),
    )


LEAD: Final = Lead(
    name="uncovered",
    title="Inspections nobody covered",
    told="Inspections with the judgement chosen, published in the time chosen, to which no story held"
    " here is linked. The last column counts stories on the home of which the inspection is not"
    " sure: they may be of this one.",
    columns=("Inspected", "Overall", "Published", "URN", "Setting", "Provider", "Stories on the home"),
    choices=(
        Choice(name="severity", title="Judgement", options=_NAMES),
        Choice(name="within", title="Published in", options=WITHIN),
        Choice(name="authority", title="Authority", options=EVERY, offered=authorities),
        Choice(name="region", title="Region", options=EVERY, offered=regions),
    ),
    find=find,
)
