"""What the index holds of an article or a report: its words, and the facts of the record it is linked to."""

from collections.abc import Iterator, Sequence
from hashlib import sha256
from typing import Any

import sqlalchemy as sa
import tantivy

from storage.dates import PartialDate
from storage.schema.inspections import reports
from storage.schema.press import article_versions, articles
from storage.search.building import day_number
from storage.search.fields import LONGEST_VALUE
from storage.search.linked import Linked, of_articles, of_reports

_FAR = 99_991_231  # the last day an undated article may be of: it may be of any


def documents(connection: sa.Connection, ids: Sequence[str]) -> Iterator[tuple[str, tantivy.Document]]:
    """The documents of those articles and reports that may be searched, in batches a query can name.

    In each the order is that of the ids: hits that rank alike are listed as they were indexed.
    """
    for start in range(0, len(ids), 500):
        batch = ids[start : start + 500]
        yield from _articles(connection, batch)
        yield from _reports(connection, batch)


def stamps(connection: sa.Connection) -> dict[str, str]:
    """For each document the index should hold: its id, and what tells that it is today's."""
    pressed = _article_query().with_only_columns(articles.c.id, article_versions.c.digest)
    official = sa.select(reports.c.id, reports.c.digest).where(reports.c.restriction.is_(None))
    rows = [*connection.execute(pressed), *connection.execute(official)]
    return {id_: _stamp(id_, digest) for id_, digest in sorted(rows)}


def _stamp(id_: str, digest: str) -> str:
    return f"{id_} {digest[:24]}"


def _article_query() -> sa.Select[Any]:
    """Articles in their latest version, without those that are restricted or taken down."""
    return (
        sa.select(articles, article_versions)
        .join(
            article_versions,
            (article_versions.c.article_id == articles.c.id)
            & (article_versions.c.number == articles.c.latest_version),
        )
        .where(articles.c.restriction.is_(None))
    )


def _articles(connection: sa.Connection, ids: Sequence[str]) -> Iterator[tuple[str, tantivy.Document]]:
    query = _article_query().where(articles.c.id.in_(ids)).order_by(articles.c.id)
    rows = connection.execute(
        query.with_only_columns(
            articles.c.id,
            articles.c.outlet,
            articles.c.published,
            articles.c.story_id,
            article_versions.c.title,
            article_versions.c.text,
            article_versions.c.digest,
        )
    ).all()
    linked = of_articles(connection, [row.id for row in rows])
    for row in rows:
        made = _begin("article", row.id, row.digest, row.title or "", row.text)
        _dated(made, row.published)
        made.add_integer("telling", telling(row.story_id or row.id))
        if row.story_id:
            made.add_text("story", row.story_id)
        for name in ("outlet", "outlet_words"):
            made.add_text(name, (row.outlet or "")[:LONGEST_VALUE])
        _state(made, linked[row.id])
        yield row.id, made


def _reports(connection: sa.Connection, ids: Sequence[str]) -> Iterator[tuple[str, tantivy.Document]]:
    open_ones = reports.c.id.in_(ids) & reports.c.restriction.is_(None)
    rows = connection.execute(sa.select(reports).where(open_ones).order_by(reports.c.id)).all()
    linked = of_reports(connection, rows)
    for row in rows:
        known = linked[row.id]
        setting = known.settings[0] if known.settings else None
        made = _begin("report", row.id, row.digest, report_title(row, setting), row.text or "")
        day = row.published or row.last_day or row.first_day
        _dated(made, day.isoformat() if day else None)
        made.add_integer("telling", telling(row.id))
        _state(made, known, own_judgement=row.overall)
        yield row.id, made


def report_title(report: sa.Row[Any], setting: sa.Row[Any] | None) -> str:
    """The line by which a report is listed; it never names a withheld home."""
    what = f"{setting.kind[:1].upper()}{setting.kind[1:]}" if setting else "Setting"
    where = f" in {setting.local_authority}" if setting and setting.local_authority else ""
    urn = f" ({report.urn})" if report.urn else ""
    day = f", {report.first_day.day} {report.first_day:%B %Y}" if report.first_day else ""
    return f"{what}{where}{urn}: {report.kind} inspection{day}"


def telling(id_: str) -> int:
    """A number that stands for a story in the index: what is listed once has one number (60 bits)."""
    return int(sha256(id_.encode()).hexdigest()[:15], 16)


def _begin(kind: str, id_: str, digest: str, title: str, text: str) -> tantivy.Document:
    made = tantivy.Document()
    for name, value in (("kind", kind), ("id", id_), ("stamp", _stamp(id_, digest)), ("title", title)):
        made.add_text(name, value)
    made.add_text("text", text)
    made.add_text("plain", title)
    made.add_text("plain", text)
    return made


def _dated(made: tantivy.Document, published: str | None) -> None:
    try:
        span = PartialDate.parse(published or "").span
    except ValueError:
        made.add_integer("last_day", _FAR)
        return
    made.add_text("published", str(PartialDate.parse(published or "")))
    made.add_integer("day", day_number(span.first))
    made.add_integer("last_day", day_number(span.last))
    made.add_text("year", f"{span.first.year:04}")
    if span.first.month == span.last.month:
        made.add_text("month", f"{span.first:%Y-%m}")


def _state(made: tantivy.Document, linked: Linked, *, own_judgement: str | None = None) -> None:
    pairs: list[tuple[str, str | None]] = [
        ("link", linked.status),
        *(("linked", value) for value in linked.answers_to),
    ]
    pairs += [("inspection", inspection.id) for inspection in linked.inspections]
    judgements = [inspection.overall for inspection in linked.inspections] or [own_judgement]
    for field in ("judgement", "judgement_words"):
        pairs += [(field, judgement) for judgement in judgements]
    for setting in linked.settings:
        pairs += _of_setting(setting)
    for provider in linked.providers:
        pairs += [("provider", provider.name), ("provider_id", provider.id)]
        pairs += [("provider_words", name) for name in provider.names]
        pairs += [("group", provider.group), ("group_words", provider.group)]
    for name, value in dict.fromkeys(pairs):
        if value:
            made.add_text(name, value[:LONGEST_VALUE])


def _of_setting(setting: sa.Row[Any]) -> list[tuple[str, str | None]]:
    return [
        ("setting", setting.id),
        ("urn", setting.urn.upper()),
        ("setting_kind", setting.kind),
        ("regulator", setting.regulator),
        ("authority", setting.local_authority),
        ("region", setting.region),
        ("setting_words", setting.kind),
        ("setting_words", None if setting.name_withheld else setting.name),
        ("place_words", setting.local_authority),
        ("place_words", setting.region),
        ("region_words", setting.region),
        ("regulator_words", setting.regulator.replace("_", " ")),
    ]
