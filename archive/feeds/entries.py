"""Entries for signed-in readers: headline, outlet, what it is linked to, an extract where rights allow."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

from archive import telling
from archive.feeds.shape import Entry
from archive.feeds.tellings import Standing
from storage.assertions import Assertion
from storage.batches import select_where_in
from storage.masking import extract, masked
from storage.schema.crawl import sources
from storage.schema.inspections import inspections
from storage.schema.press import article_versions, articles
from storage.schema.registers import providers, settings

Named = Callable[..., str]
"""``archive.feeds.names.name_of`` for the host of this archive."""
_Rows = dict[str, dict[str, Any]]


@dataclass(frozen=True, kw_only=True)
class Press:
    """An article as a feed tells it; without its words where the source shows them to nobody."""

    id: str
    outlet: str | None
    published: str | None
    title: str | None
    extract: str | None


def press(connection: sa.Connection, ids: Iterable[str]) -> dict[str, Press]:
    """These articles by id, without those that are restricted."""
    latest = (article_versions.c.article_id == articles.c.id) & (
        article_versions.c.number == articles.c.latest_version
    )
    query = (
        sa.select(articles.c.id, articles.c.outlet, articles.c.published, sources.c.shown_to)
        .add_columns(article_versions.c.title, article_versions.c.text)
        .join(article_versions, latest)
        .outerjoin(sources, sources.c.id == articles.c.source_id)
        .where(articles.c.restriction.is_(None))
    )
    return {row["id"]: _press(row) for row in select_where_in(connection, query, articles.c.id, ids)}


def entries(
    connection: sa.Connection, some: Sequence[Standing], named: Named, base: str
) -> tuple[Entry, ...]:
    """An entry for each telling that stands."""
    shown = [one for one in some if one.shown]
    told = press(connection, {id_ for one in shown for id_ in _articles(one)})
    records = _records(connection, [one.shown for one in shown if one.shown])
    return tuple(
        _entry(one, told, line_of(one.shown, *records), named, base)
        for one in shown
        if one.shown and one.shown.article_id in told
    )


def line_of(said: Assertion, homes: _Rows, seen: _Rows, owners: _Rows) -> str:
    """What is asserted, in a line: the setting as it may be named, the judgement, how sure it is."""
    owner = owners.get(said.provider_id or "", {}).get("name")
    if said.setting_id in homes:
        home = homes[said.setting_id]
        judgement = seen.get(said.inspection_id or "", {}).get("overall")
        head = f"{telling.composed(home['kind'], home['local_authority'], judgement)} ({home['urn']})"
        head += f", run by {owner}" if owner else ""
    else:
        head = telling.composed(None, None, None, owner=owner)
    if said.inspection_id in seen:
        days = telling.days(seen[said.inspection_id]["first_day"], seen[said.inspection_id]["last_day"])
        head += f" · inspected {days}"
    sure = "confirmed by a person" if said.confirmed else f"{telling.percent(said.probability or 0)} certain"
    return f"{head} · {sure}"


def headline(told: Press) -> str:
    """The headline, or where it may not be shown, what is known of the story."""
    return told.title or f"Story · {told.outlet or 'unknown outlet'} · {telling.published(told.published)}"


def _entry(one: Standing, told: dict[str, Press], line: str, named: Named, base: str) -> Entry:
    assert one.shown is not None
    this = told[one.shown.article_id]
    where = f"{this.outlet or 'Unknown outlet'} · {telling.published(this.published)}"
    also = [told[id_].outlet or "unknown outlet" for id_ in one.others if id_ in told]
    lines = [where, line, f"Also in {', '.join(also)}" if also else None, this.extract]
    return Entry(
        id=named(*one.telling.name),
        url=f"{base}/articles/{this.id}",
        title=headline(this),
        text="\n".join(filter(None, lines)),
        published=one.telling.first_at,
        updated=one.updated,
    )


def _press(row: dict[str, Any]) -> Press:
    readable = row["shown_to"] != "nobody"
    return Press(
        id=row["id"],
        outlet=row["outlet"],
        published=row["published"],
        title=masked(row["title"]) if readable and row["title"] else None,
        extract=extract(row["text"]) if readable else None,
    )


def _articles(one: Standing) -> tuple[str, ...]:
    return (one.shown.article_id, *one.others) if one.shown else ()


_SETTING: Final = (settings.c.id, settings.c.kind, settings.c.local_authority, settings.c.urn)
_INSPECTION: Final = (
    inspections.c.id,
    inspections.c.first_day,
    inspections.c.last_day,
    inspections.c.overall,
)


def _records(connection: sa.Connection, said: Sequence[Assertion]) -> tuple[_Rows, _Rows, _Rows]:
    """Settings, inspections and providers that are named, by id."""
    return (
        _by_id(connection, _SETTING, {one.setting_id for one in said}),
        _by_id(connection, _INSPECTION, {one.inspection_id for one in said}),
        _by_id(connection, (providers.c.id, providers.c.name), {one.provider_id for one in said}),
    )


def _by_id(connection: sa.Connection, columns: Sequence[sa.Column[Any]], ids: set[str | None]) -> _Rows:
    rows = select_where_in(connection, sa.select(*columns), columns[0], ids - {None})
    return {row["id"]: row for row in rows}
