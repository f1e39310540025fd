"""Exports: links and articles as JSON lines or CSV, in the shapes other people's scripts rely on."""

import csv
import datetime as dt
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TextIO

import sqlalchemy as sa

from storage.dates import PartialDate
from storage.namings import Naming, name_on
from storage.schema.inspections import inspections
from storage.schema.links import link_evidence, links
from storage.schema.press import article_versions, articles
from storage.schema.registers import provider_names, providers, settings

LINK_FIELDS: tuple[str, ...] = (
    *("article_url", "article_id", "external_id", "article_version", "outlet", "published", "title"),
    *("mention", "status", "answer", "level", "regulator", "urn", "setting_kind", "local_authority"),
    *("provider", "inspection_date", "inspection_first", "inspection_last", "probability", "rank"),
    *("evidence", "decided_by", "decided_at", "model", "confirmed"),
)
ARTICLE_FIELDS: tuple[str, ...] = (
    "url",
    "outlet",
    "title",
    "byline",
    "published",
    "text",
    "id",
    "article_id",
    "version",
)
_EVIDENCE = ("clue", "field", "text", "start", "end", "value", "told", "weight")
_BATCH = 500


def link_rows(connection: sa.Connection) -> Iterator[dict[str, Any]]:
    """Each mention's decision, then its candidates by rank, article by article."""
    rows: list[Mapping[str, Any]] = []
    for row in connection.execute(_links_query()).mappings():
        rows.append(dict(row))
        if len(rows) == _BATCH:
            yield from _with_evidence(connection, rows)
            rows = []
    yield from _with_evidence(connection, rows)


def article_rows(connection: sa.Connection, *, with_text: bool) -> Iterator[dict[str, Any]]:
    """The latest version of each article, as ``import articles`` takes it."""
    query = (
        sa.select(articles.c.url, articles.c.outlet, articles.c.external_id, article_versions)
        .join(article_versions, article_versions.c.article_id == articles.c.id)
        .where(article_versions.c.number == articles.c.latest_version, articles.c.restriction.is_(None))
        .order_by(articles.c.url)
    )
    for row in connection.execute(query).mappings():
        told = {
            "url": row["url"],
            "outlet": row["outlet"],
            "title": row["title"],
            "byline": row["byline"],
            "published": row["published"],
            "id": row["external_id"],
            "article_id": row["article_id"],
            "version": row["number"],
        }
        yield told | ({"text": row["text"]} if with_text else {})


def write(rows: Iterable[Mapping[str, Any]], out: TextIO, *, form: str, fields: Iterable[str]) -> int:
    """Write rows as ``jsonl`` or ``csv``; how many there were."""
    if form == "csv":
        return _write_csv(rows, out, list(fields))
    count = 0
    for row in rows:
        out.write(json.dumps(row, ensure_ascii=False, default=str) + "\n")
        count += 1
    return count


def _write_csv(rows: Iterable[Mapping[str, Any]], out: TextIO, fields: list[str]) -> int:
    table = csv.writer(out, lineterminator="\n")
    table.writerow(fields)
    count = 0
    for row in rows:
        table.writerow([_cell(row.get(name)) for name in fields])
        count += 1
    return count


def _cell(value: Any) -> str:
    """A cell that a spreadsheet takes for text and not for a formula."""
    if value is None:
        return ""
    text = (
        json.dumps(value, ensure_ascii=False, default=str) if isinstance(value, (list, dict)) else str(value)
    )
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def _links_query() -> sa.Select[Any]:
    return (
        sa.select(
            links,
            articles.c.url.label("article_url"),
            articles.c.external_id,
            articles.c.outlet,
            articles.c.published,
            article_versions.c.title,
            settings.c.regulator,
            settings.c.urn,
            settings.c.kind.label("setting_kind"),
            settings.c.local_authority,
            providers.c.name.label("provider"),
            inspections.c.first_day,
            inspections.c.last_day,
        )
        .join(articles, articles.c.id == links.c.article_id)
        .outerjoin(
            article_versions,
            (article_versions.c.article_id == links.c.article_id)
            & (article_versions.c.number == links.c.version),
        )
        .outerjoin(settings, settings.c.id == links.c.setting_id)
        .outerjoin(providers, providers.c.id == links.c.provider_id)
        .outerjoin(inspections, inspections.c.id == links.c.inspection_id)
        .order_by(articles.c.url, links.c.mention, sa.func.coalesce(links.c.rank, 0), links.c.id)
    )


def _with_evidence(connection: sa.Connection, rows: list[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    if not rows:
        return
    held: dict[str, list[dict[str, Any]]] = defaultdict(list)
    query = sa.select(link_evidence).where(link_evidence.c.link_id.in_([row["id"] for row in rows]))
    in_order = query.order_by(link_evidence.c.link_id, link_evidence.c.number)
    for one in connection.execute(in_order).mappings():
        held[one["link_id"]].append({name: one[name] for name in _EVIDENCE})
    spelled = _names(connection, {row["provider_id"] for row in rows if row["provider_id"]})
    for row in rows:
        name = name_on(spelled[row["provider_id"]], _day(row)) or row["provider"]
        yield _link(row, held[row["id"]]) | {"provider": name}


def _names(connection: sa.Connection, ids: set[str]) -> dict[str, list[Naming]]:
    """What registers called each provider, and from when to when."""
    held: dict[str, list[Naming]] = defaultdict(list)
    query = sa.select(provider_names).where(
        provider_names.c.provider_id.in_(ids),
        provider_names.c.origin == "register",
        provider_names.c.first_seen.is_not(None),
        provider_names.c.last_seen.is_not(None),
    )
    for row in connection.execute(query.order_by(provider_names.c.first_seen, provider_names.c.name)):
        held[row.provider_id].append(Naming(name=row.name, first=row.first_seen, last=row.last_seen))
    return held


def _day(row: Mapping[str, Any]) -> dt.date | None:
    """The day of which a link speaks: the inspection's, else the article's."""
    if row["first_day"]:
        return dt.date.fromisoformat(str(row["first_day"]))
    return PartialDate.parse(row["published"]).span.last if row["published"] else None


def _link(row: Mapping[str, Any], evidence: list[dict[str, Any]]) -> dict[str, Any]:
    first, last = row["first_day"], row["last_day"]
    told = {name: row[name] for name in LINK_FIELDS if name in row}
    return (
        dict.fromkeys(LINK_FIELDS)
        | told
        | {
            "article_version": row["version"],
            "inspection_date": first or last,
            "inspection_first": first,
            "inspection_last": last,
            "evidence": evidence,
            "decided_at": row["decided_at"].isoformat(),
            "model": row["model_id"],
        }
    )
