"""The evidence pack of an article: page, WARC record, report, explanation and digests, in one ZIP.

What the source's terms keep from the newsroom is left out, and README.txt says so.
"""

import datetime as dt
import io
import json
import zipfile
from dataclasses import dataclass
from typing import Any

import jinja2
import sqlalchemy as sa
from markupsafe import Markup

from archive import licences
from archive.api.articles import told_of_article
from archive.reading import captured
from archive.reading.articles import ArticlePage, article_page
from archive.reading.sheets import sheet
from archive.site import Site
from storage import audit
from storage import captures as index
from storage.evidence import EvidenceFolder
from storage.ids import digest_of
from storage.records import Capture
from storage.schema.crawl import captures
from storage.schema.inspections import reports


@dataclass(frozen=True, kw_only=True)
class Dress:
    """What pages are made with: the templates, and the style sheets that a page by itself carries inside."""

    templates: jinja2.Environment
    styles: str


@dataclass(frozen=True, kw_only=True)
class Pack:
    """The files of a pack by name, what it says of itself, and the article's id."""

    article_id: str
    files: dict[str, bytes]
    notes: tuple[str, ...]


def dress(site: Site) -> Dress:
    """What a site's pages are made with."""
    sheets = (site.static[name][0].decode() for name in ("archive.css", "article.css"))
    return Dress(templates=site.templates, styles="\n".join(sheets))


def note(connection: sa.Connection, made: Pack, *, who: str, at: dt.datetime) -> None:
    """Put into the audit log who took the pack, and the digest of each of its files."""
    seen = {"files": sorted(made.files), "sha256sums": made.files["SHA256SUMS"].decode()}
    audit.note(connection, "evidence pack", "article", made.article_id, who=who, at=at, details=seen)


def pack(
    connection: sa.Connection, folder: EvidenceFolder, dress: Dress, reference: str, *, at: dt.datetime
) -> Pack:
    """Put together the pack of an article; NotFound, DamagedEvidence where a record fails its digest."""
    page = article_page(connection, reference)
    if page.linked_version not in (None, page.version.number):
        page = article_page(connection, reference, page.linked_version)
    files: dict[str, bytes] = {}
    notes = [*_article(connection, folder, page, files), *_reports(connection, folder, page, files)]
    files["explanation.json"] = _json(_explanation(page))
    for mention in page.mentions:
        if mention.asserted:
            number = mention.decision.link.mention
            shown = sheet(connection, page.article.id, number)
            styles = Markup(dress.styles)  # noqa: S704  our own style sheets, from our own files
            told = dress.templates.get_template("sheet_alone.html").render(
                shown=shown, printed=at, styles=styles
            )
            name = "sheet.html" if "sheet.html" not in files else f"sheet-{number}.html"
            files[name] = told.encode()
    files["README.txt"] = _readme(page, notes, at).encode()
    sums = "".join(f"{digest_of(content)}  {name}\n" for name, content in sorted(files.items()))
    files["SHA256SUMS"] = sums.encode()
    return Pack(article_id=page.article.id, files=files, notes=tuple(notes))


def zipped(made: Pack, at: dt.datetime) -> bytes:
    """The pack as a ZIP; what is compressed already is stored as it is."""
    out = io.BytesIO()
    stamp = at.astimezone(dt.UTC).timetuple()[:6]
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in sorted(made.files.items()):
            entry = zipfile.ZipInfo(f"evidence-{made.article_id}/{name}", date_time=stamp)
            entry.external_attr = 0o644 << 16
            packed = name.endswith((".gz", ".pdf"))
            archive.writestr(entry, content, zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _article(
    connection: sa.Connection, folder: EvidenceFolder, page: ArticlePage, files: dict[str, bytes]
) -> list[str]:
    if not page.readable:
        return ["The page is left out: its outlet's terms let nobody be shown its text."]
    files["article/text.txt"] = f"{page.version.title or ''}\n\n{page.version.text}".encode()
    if page.capture is None:
        return ["No page was fetched: the article was imported as text, which stands in article/text.txt."]
    capture = captured.as_capture(page.capture)
    if capture.is_sealed:
        return ["The page's bytes are not held any more: they were erased, on request or by their age."]
    _bytes(connection, folder, capture, f"article/page.{captured.extension(capture.content_type)}", files)
    return []


def _reports(
    connection: sa.Connection, folder: EvidenceFolder, page: ArticlePage, files: dict[str, bytes]
) -> list[str]:
    wanted = {one.decision.report_id for one in page.mentions if one.asserted and one.decision.report_id}
    notes = []
    for number, report_id in enumerate(sorted(wanted), start=1):
        row = connection.execute(sa.select(reports).where(reports.c.id == report_id)).one()
        held = connection.execute(sa.select(captures).where(captures.c.id == row.capture_id)).first()
        if held is None or captured.as_capture(held).is_sealed:
            told = row.url or row.file_name or "the regulator's page"
            notes.append(f"The report's document is not held here; its SHA-256 is {row.digest}: {told}")
            continue
        capture = captured.as_capture(held)
        ending = captured.extension(capture.content_type)
        stem = "report/report" if number == 1 else f"report/report-{number}"
        _bytes(connection, folder, capture, f"{stem}.{ending}", files)
    return notes


def _bytes(
    connection: sa.Connection,
    folder: EvidenceFolder,
    capture: Capture,
    name: str,
    files: dict[str, bytes],
) -> None:
    """The document, the record that holds it, and where that is an earlier one, the record that says so."""
    stem = name.rsplit(".", 1)[0]
    holding = index.with_body(connection, capture)
    files[name] = folder.content(holding)
    files[f"{stem}.warc.gz"] = folder.record(holding)
    if holding.id != capture.id:
        files[f"{stem}-unchanged.warc.gz"] = folder.record(capture)


def _explanation(page: ArticlePage) -> dict[str, Any]:
    """The links with their evidence, as the API gives them; the text has a file of its own."""
    return {name: value for name, value in told_of_article(page).items() if name != "text"}


def _json(told: Any) -> bytes:
    return (json.dumps(told, ensure_ascii=False, indent=2, default=str) + "\n").encode()


def _readme(page: ArticlePage, notes: list[str], at: dt.datetime) -> str:
    shown_to = page.source.shown_to if page.source else "newsroom"
    terms = (page.source.terms if page.source else None) or "none declared"
    lines = [
        f"Evidence of the links of article {page.article.id}",
        f"{page.version.title or 'Untitled'} ({page.article.outlet or 'unknown outlet'})",
        page.article.url,
        f"Put together by On Record at {at:%Y-%m-%d %H:%M:%S} UTC.",
        "",
        "article/      the page as it was fetched, its WARC record, and the text that was read from it",
        "report/       the inspection report as it was fetched, and its WARC record",
        "explanation.json  each mention's link, candidates and evidence; offsets count code points",
        "sheet.html    the evidence on one page to print",
        "SHA256SUMS    check with: sha256sum -c SHA256SUMS",
        "",
        *(f"Note: {note}" for note in notes),
        "",
        "Rights",
        f"The article belongs to its outlet. Its terms: {terms}. Its text may be shown to: {shown_to}.",
        "Do not publish the page or its text, nor any name or address of a withheld home printed there.",
        "Registers and reports: contains public sector information licensed under the"
        f" {licences.OGL}, {licences.OGL_AT}",
    ]
    return "\n".join(lines) + "\n"
