"""The bytes behind a page: who may take them, and whether they are still what was fetched."""

import dataclasses
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from storage import captures as index
from storage.errors import NotFound
from storage.evidence import DamagedEvidence, EvidenceFolder
from storage.records import Capture
from storage.schema.crawl import sources
from storage.schema.inspections import reports
from storage.schema.press import article_versions, articles

_Row = sa.Row[*tuple[Any, ...]]


@dataclass(frozen=True, kw_only=True)
class Held:
    """A capture, what was read from it, and what stands between it and a reader.

    ``sealed``: an order holds back what was read from it. ``shown_to``: whom the source lets see it.
    """

    capture: Capture
    what: str  # article, report
    about: str  # its id
    sealed: bool
    shown_to: str


@dataclass(frozen=True, kw_only=True)
class Checked:
    """A capture whose record was read again and compared with the index; ``fault`` where it fails."""

    held: Held
    fault: str | None
    size: int | None


def held(connection: sa.Connection, capture_id: str) -> Held:
    """The capture of an article or a report; NotFound for any other: a listing names what is held back."""
    capture = index.get(connection, capture_id)
    found = list(connection.execute(_articles(capture_id))) + list(connection.execute(_reports(capture_id)))
    if not found:
        raise NotFound(f"there is no capture {capture_id}")
    terms = connection.execute(
        sa.select(sources.c.shown_to).where(sources.c.id == capture.source_id)
    ).scalar()
    shown_to = {terms, *(row.shown_to for row in found)}
    return Held(
        capture=capture,
        what=found[0].what,
        about=found[0].id,
        sealed=any(row.restriction for row in found) or capture.is_sealed,
        shown_to="nobody" if "nobody" in shown_to else terms or "newsroom",
    )


def unsealed(connection: sa.Connection, capture_id: str) -> Held:
    """The same for everybody but an operator with a reason: what is sealed is not there."""
    found = held(connection, capture_id)
    if found.sealed:
        raise NotFound(f"there is no capture {capture_id}")
    return found


def checked(connection: sa.Connection, folder: EvidenceFolder, found: Held) -> Checked:
    """Read the record again, to the bit, and the body that it holds or refers to."""
    try:
        folder.record(found.capture)
        size = len(folder.read(index.with_body(connection, found.capture)))
    except (DamagedEvidence, NotFound) as error:
        return Checked(held=found, fault=str(error), size=None)
    return Checked(held=found, fault=None, size=size)


def content(connection: sa.Connection, folder: EvidenceFolder, capture: Capture) -> bytes:
    """The document as it was fetched, its transfer compression taken off; DamagedEvidence."""
    return folder.content(index.with_body(connection, capture))


def as_capture(row: _Row) -> Capture:
    """The record of a row of the index."""
    return Capture(**{field.name: getattr(row, field.name) for field in dataclasses.fields(Capture)})


def extension(content_type: str | None) -> str:
    """The ending a document of that type is kept under; never one that a system would run."""
    kinds = {"text/html": "html", "application/xhtml+xml": "html", "application/pdf": "pdf"}
    return kinds.get((content_type or "").split(";")[0].strip().lower(), "bin")


def _articles(capture_id: str) -> sa.Select[Any]:
    return (
        sa.select(
            sa.literal("article").label("what"), articles.c.id, articles.c.restriction, sources.c.shown_to
        )
        .join(article_versions, article_versions.c.article_id == articles.c.id)
        .outerjoin(sources, sources.c.id == articles.c.source_id)
        .where(article_versions.c.capture_id == capture_id)
    )


def _reports(capture_id: str) -> sa.Select[Any]:
    return sa.select(
        sa.literal("report").label("what"),
        reports.c.id,
        reports.c.restriction,
        sa.literal("public").label("shown_to"),
    ).where(reports.c.capture_id == capture_id)
