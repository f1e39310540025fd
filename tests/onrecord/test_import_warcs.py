"""WARCs: articles and captures out of them, damage by name, and articles read anew from the kept bytes."""

import datetime as dt
import gzip
import json
import zlib
from io import BytesIO
from pathlib import Path

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from crawler.extract.html import EXTRACTOR
from onrecord.application import app
from storage import articles, captures, warc_files
from storage.errors import RefusedFile
from storage.evidence import EvidenceFolder
from storage.place import Place
from storage.schema.crawl import captures as captures_table
from storage.schema.press import article_versions
from storage.store import Store
from tests.engines import Address

SITE = "https://www.fenlandecho.example/news"


def a_page(number: int) -> bytes:
    return f"""<html><head><title>Home {number} must improve</title></head><body><article><h1>Home {number} must improve</h1>
<p>Home number {number} was told to improve after two inspectors visited it in January of this year.</p>
<p>A spokeswoman for the council which runs it said that she was sorry for what they found.</p></article></body></html>""".encode()


def a_warc(path: Path, *, pages: int = 3, packed: bool = True) -> Path:
    """As other tools write them: with warcinfo, request and an image, one page chunked, one compressed."""
    out = BytesIO()
    writer = WARCWriter(out, gzip=packed)
    writer.write_record(writer.create_warcinfo_record(path.name, {"software": "another/1.0"}))
    for number in range(pages):
        body, headers = a_page(number), [("Content-Type", "text/html; charset=utf-8")]
        if number == 1:
            body = b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)
            headers.append(("Transfer-Encoding", "chunked"))
        if number == 2:
            body, headers = gzip.compress(body), [*headers, ("Content-Encoding", "gzip")]
        answer = StatusAndHeaders("200 OK", headers, protocol="HTTP/1.1")
        record = writer.create_warc_record(
            f"{SITE}/{number}",
            "response",
            payload=BytesIO(body),
            length=len(body),
            http_headers=answer,
            warc_headers_dict={"WARC-Date": "2023-08-30T10:00:00Z"},
        )
        writer.write_record(record)
        asked = StatusAndHeaders(f"GET /{number} HTTP/1.1", [("Host", "x")], is_http_request=True)
        writer.write_record(writer.create_warc_record(f"{SITE}/{number}", "request", http_headers=asked))
    image = StatusAndHeaders("200 OK", [("Content-Type", "image/png")], protocol="HTTP/1.1")
    writer.write_record(
        writer.create_warc_record(
            f"{SITE}/x.png", "response", payload=BytesIO(b"png"), length=3, http_headers=image
        )
    )
    empty = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
    writer.write_record(
        writer.create_warc_record(
            f"{SITE}/no", "response", payload=BytesIO(b"<p>No.</p>"), length=10, http_headers=empty
        )
    )
    path.write_bytes(out.getvalue())
    return path


def run(*arguments: str) -> tuple[int, dict[str, object]]:
    result = CliRunner().invoke(app, [*arguments, "--json"])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, json.loads(result.stdout)


@pytest.fixture
def archive(archive: Address, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Address:
    monkeypatch.chdir(tmp_path)
    return archive


@pytest.mark.parametrize("packed", [True, False])
def test_articles_come_out_of_a_warc_with_their_bytes(archive: Address, tmp_path: Path, packed: bool) -> None:
    path = a_warc(tmp_path / f"crawl.warc{'.gz' if packed else ''}", packed=packed)
    arguments = ("import", "articles", str(path), "--archive", str(archive))
    status, told = run(*arguments)
    assert (status, told["new"], told["files"][0]["left"]) == (0, 3, 1)  # type: ignore[index]
    with Store.at(archive) as store, store.reading() as connection:
        folder = EvidenceFolder(store.place.evidence)
        for number in range(3):
            capture = captures.of_article(connection, articles.find(connection, f"{SITE}/{number}"))
            assert folder.content(capture) == a_page(number)
            assert capture.fetched_at == dt.datetime(2023, 8, 30, 10, tzinfo=dt.UTC)
        assert connection.execute(sa.select(sa.func.count()).select_from(captures_table)).scalar() == 3
    assert run(*arguments)[1]["unchanged"] == 3
    assert run("evidence", "verify", "--archive", str(archive))[1] == {"records": 3, "damaged": []}


def test_our_own_warcs_can_be_taken_into_another_archive(archive: Address, tmp_path: Path) -> None:
    run("import", "articles", str(a_warc(tmp_path / "crawl.warc.gz")), "--archive", str(archive))
    (ours,) = Place.of(archive).evidence.glob("*.warc.gz")
    another = tmp_path / "another.db"
    assert run("import", "articles", str(ours), "--archive", str(another))[1]["new"] == 3
    assert run("evidence", "import", str(ours), "--archive", str(another))[1] == {"files": {str(ours): 3}}
    assert run("evidence", "import", str(ours), "--archive", str(another))[1] == {"files": {str(ours): 0}}
    assert run("evidence", "verify", "--archive", str(another))[1] == {"records": 6, "damaged": []}


@pytest.mark.parametrize("packed", [True, False])
def test_a_damaged_warc_is_refused_whole(archive: Address, tmp_path: Path, packed: bool) -> None:
    whole = a_warc(tmp_path / "crawl.warc", packed=packed).read_bytes()
    path = tmp_path / f"cut.warc{'.gz' if packed else ''}"
    following = b"\x1f\x8b" if packed else b"WARC/"
    for length in range(1, len(whole) - 4, 17):
        try:
            _read(path, whole[:length])
        except RefusedFile:
            continue
        # Between two records a cut cannot be told.
        assert whole[length:].lstrip(b"\r\n").startswith(following), f"cut at {length}"
    flipped = bytearray(whole)
    flipped[whole.index(b"January") if not packed else len(whole) // 2] ^= 4
    path.write_bytes(flipped)
    status, told = run("import", "articles", str(path), "--archive", str(archive))
    assert status == 1
    assert "nothing was imported" in told["files"][0]["refused"]  # type: ignore[index]
    with Store.at(archive) as store, store.reading() as connection:
        assert list(captures.each(connection)) == []
    assert not list(Place.of(archive).evidence.glob("*.warc.gz"))


@pytest.mark.parametrize("content", [b"", gzip.compress(b""), b"not a WARC\n", bytes(range(256))])
def test_what_holds_no_record_is_no_warc(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(RefusedFile, match=r"a\.warc\.gz: (there is no record in it|it is no WARC)"):
        _read(tmp_path / "a.warc.gz", content)


@pytest.mark.parametrize("begun", [b"", b"a record"])
def test_what_swells_between_records_is_not_read_through(tmp_path: Path, begun: bytes) -> None:
    head = b"WARC/1.0\r\nWARC-Type: resource\r\nWARC-Target-URI: https://a.example/\r\nWARC-Date: 2024-01-01T00:00:00Z\r\nContent-Length: 8\r\n\r\n"
    path = tmp_path / "sparse.warc"
    record = head + begun + b"\r\n\r\n" if begun else b""
    path.write_bytes(record)
    with path.open("r+b") as file:
        file.truncate(2**40)  # of which nothing lies on the disk
    packer = zlib.compressobj(wbits=31)
    packed = [packer.compress(record)]
    packed += [packer.compress(bytes(2**20)) for _ in range(200)]
    (tmp_path / "packed.warc.gz").write_bytes(b"".join([*packed, packer.flush()]))
    for one in (path, tmp_path / "packed.warc.gz"):
        with pytest.raises(RefusedFile, match=r"no record begins within 8 MiB|it is no WARC"):
            list(warc_files.exchanges(one))


def _read(path: Path, content: bytes) -> list[object]:
    path.write_bytes(content)
    return list(warc_files.exchanges(path))


def test_a_record_that_swells_is_left_out(tmp_path: Path) -> None:
    size = 80 * 2**20
    head = f"WARC/1.0\r\nWARC-Type: resource\r\nWARC-Target-URI: https://a.example/\r\nWARC-Date: 2024-01-01T00:00:00Z\r\nContent-Length: {size}\r\n\r\n"
    packer = zlib.compressobj(wbits=31)
    parts = [packer.compress(head.encode()), *(packer.compress(bytes(2**20)) for _ in range(80))]
    path = tmp_path / "bomb.warc.gz"
    path.write_bytes(b"".join([*parts, packer.compress(b"\r\n\r\n"), packer.flush()]))
    assert list(warc_files.exchanges(path)) == []


def test_articles_are_read_again_from_their_bytes(archive: Address, tmp_path: Path) -> None:
    run("import", "articles", str(a_warc(tmp_path / "crawl.warc.gz")), "--archive", str(archive))
    again = ("evidence", "reextract", "--archive", str(archive))
    assert run(*again)[1] == {"articles": 0}
    with Store.at(archive, write=True) as store, store.writing() as connection:
        first = articles.find(connection, f"{SITE}/0")
        poorer = {"text": "Read poorly.", "digest": "x", "extractor": "older 1"}
        connection.execute(
            sa.update(article_versions).where(article_versions.c.article_id == first).values(**poorer)
        )
        second = articles.find(connection, f"{SITE}/1")
        connection.execute(
            sa.update(article_versions)
            .where(article_versions.c.article_id == second)
            .values(extractor="older 1")
        )
    assert run(*again)[1] == {"articles": 2, "new version": 1, "unchanged": 1}
    assert run(*again)[1] == {"articles": 0}
    assert run(*again, "--all")[1] == {"articles": 3, "unchanged": 3}
    with Store.at(archive) as store, store.reading() as connection:
        latest = articles.latest_version(connection, first)
        assert (latest.number, latest.extractor) == (2, EXTRACTOR)
        assert "two inspectors visited" in latest.text
        assert captures.of_article(connection, first, 1) == captures.of_article(connection, first, 2)


@pytest.mark.real
def test_the_warcs_of_others_are_read_or_refused_by_name(shared: Path, archive: Address) -> None:
    files = sorted(path for path in (shared / "suites/warc").rglob("*.*arc*") if path.is_file())
    assert len(files) > 15
    refused = []
    for path in files:
        status, told = run("import", "articles", str(path), "--archive", str(archive))
        (taken,) = told["files"]  # type: ignore[misc]
        if status:
            assert path.name in taken["refused"]
            refused.append(path.name)
    assert len(refused) < len(files) / 2
    assert run("evidence", "verify", "--archive", str(archive))[1]["damaged"] == []
