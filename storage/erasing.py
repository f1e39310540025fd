"""What a takedown erases of an article or a report; what stays is the id, the outlet and the moments.

The logs stay whole, since they are chained: an entry names ids and what a person wrote, never press text.
"""

from collections.abc import Iterable
from typing import Final

import sqlalchemy as sa

from storage import captures as index
from storage import sealed_objects, sealing
from storage.addresses import canonical
from storage.ids import opaque_id
from storage.records import SEALED, Capture
from storage.schema.crawl import captures, failures, frontier
from storage.schema.inspections import GRADED, report_sections, report_sentences, reports, requirements
from storage.schema.naming import labels
from storage.schema.press import article_urls, article_versions, articles
from storage.schema.registers import imports
from storage.schema.work import corrections, notes

_NO_WORDS: Final = ("title", "byline", "published", "published_from", "modified", "section", "agency")
_NOTHING: Final = ("url", "file_name", "first_day", "last_day", "published", "provider_name", "capacity")


def addresses_of(connection: sa.Connection, article_id: str) -> set[str]:
    """Every address under which the article was met or its bytes were fetched."""
    met = connection.scalars(sa.select(article_urls.c.url).where(article_urls.c.article_id == article_id))
    own = connection.scalars(sa.select(articles.c.url).where(articles.c.id == article_id))
    fetched = (
        sa.select(captures.c.url)
        .join(article_versions, article_versions.c.capture_id == captures.c.id)
        .where(article_versions.c.article_id == article_id)
    )
    return {*met, *own, *connection.scalars(fetched)}


def erase_article(connection: sa.Connection, article_id: str) -> list[Capture]:
    """Erase its words, addresses and what colleagues noted on it; the captures whose records to seal."""
    urls = addresses_of(connection, article_id)
    this = articles.c.id == article_id
    blank: dict[str, object] = dict.fromkeys(_NO_WORDS)
    versions = article_versions.c.article_id == article_id
    taken = seal_captures(connection, captures_of(connection, article_id))
    connection.execute(
        sa.update(article_versions).where(versions).values(**blank, text="", digest="", captions=[])
    )
    _forget_labels(connection, {article_id, *urls})
    _forget_files(connection, sa.select(article_versions.c.import_id).where(versions))
    nowhere = {"url": f"sealed:{article_id}", "external_id": None, "published": None, "gone_reason": None}
    connection.execute(sa.update(articles).where(this).values(**nowhere))
    connection.execute(sa.delete(article_urls).where(article_urls.c.article_id == article_id))
    connection.execute(sa.delete(notes).where(notes.c.what == "article", notes.c.about == article_id))
    said = corrections.c.article_id == article_id
    connection.execute(sa.update(corrections).where(said).values(said="", contact=None))
    _forget(connection, urls)
    return taken


def erase_report(connection: sa.Connection, report_id: str) -> list[Capture]:
    """Erase its text and parts; what it says of its inspection stays with the inspection."""
    this = reports.c.id == report_id
    row = connection.execute(sa.select(reports.c.url, reports.c.capture_id).where(this)).one()
    urls = {row.url} - {None}
    taken = seal_captures(connection, _fetched_from(connection, urls) | ({row.capture_id} - {None}))
    _forget_files(connection, sa.select(reports.c.import_id).where(this))
    blank = dict.fromkeys((*_NOTHING, *GRADED, "pages"))
    connection.execute(sa.update(reports).where(this).values(**blank, text=None, facts={}))
    for table in (report_sections, report_sentences, requirements):
        connection.execute(sa.delete(table).where(table.c.report_id == report_id))
    _forget(connection, urls)
    return taken


def _forget_labels(connection: sa.Connection, named: set[str]) -> None:
    """A label names its article by id, address or external id."""
    by_name = sa.select(articles.c.external_id).where(
        articles.c.id.in_(named), articles.c.external_id.is_not(None)
    )
    condition = labels.c.article.in_(named) | labels.c.article.in_(by_name)
    connection.execute(sa.delete(labels).where(condition))


def _forget_files(connection: sa.Connection, ids: sa.Select[str | None]) -> None:
    """Files that gave but one article or report: their names tell of it, and go."""
    alone = (imports.c.kind.in_(("articles", "reports"))) & (imports.c.rows_kept <= 1)
    name = sa.literal("sealed:") + imports.c.id
    connection.execute(
        sa.update(imports).where(alone, imports.c.id.in_(ids)).values(file_name=name, findings={})
    )


def captures_of(connection: sa.Connection, article_id: str) -> set[str]:
    """The captures of its versions, and of every address it was met under."""
    urls = addresses_of(connection, article_id)
    return _fetched_from(connection, urls) | set(
        connection.scalars(
            sa.select(article_versions.c.capture_id).where(
                article_versions.c.article_id == article_id, article_versions.c.capture_id.is_not(None)
            )
        )
    )


def _fetched_from(connection: sa.Connection, urls: Iterable[str]) -> set[str]:
    return set(connection.scalars(sa.select(captures.c.id).where(captures.c.url.in_(sorted(urls)))))


def seal_captures(connection: sa.Connection, ids: Iterable[str]) -> list[Capture]:
    """Turn these captures into sealed ones, as the index holds them; what they were is returned."""
    taken = [index.get(connection, id_) for id_ in sorted(set(ids))]
    for capture in taken:
        made = sealing.sealed(capture)
        values = {
            name: getattr(made, name) for name in ("url", "status", "content_type", "digest", "record_digest")
        }
        connection.execute(
            sa.update(captures).where(captures.c.id == capture.id).values(**values, record_type=SEALED)
        )
    sealed_objects.note(connection, taken)
    return taken


def _forget(connection: sa.Connection, urls: Iterable[str]) -> None:
    """Take the addresses from what is fetched and what failed; the frontier keeps that it must not."""
    named = sorted({*urls} | {canonical(url) for url in urls})
    left: dict[str, object] = {
        "state": "left",
        "outcome": "barred",
        "reason": None,
        "hints": {},
        "found_on": None,
    }
    fetching = connection.scalars(sa.select(frontier.c.source_id).distinct()).all()
    ids = [opaque_id("page", source, canonical(url)) for source in fetching for url in sorted({*urls})]
    entries = frontier.c.url.in_(named) | frontier.c.id.in_(ids)
    connection.execute(
        sa.update(frontier)
        .where(entries)
        .values(**left, url=sa.literal("sealed:") + frontier.c.id, etag=None, last_modified=None, digest=None)
    )
    connection.execute(sa.delete(failures).where(failures.c.what.in_(named)))
