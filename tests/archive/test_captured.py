"""The bytes behind a page: downloads that no browser runs, verification, sealing, and the evidence pack."""

import hashlib
import io
import json
import zipfile
from pathlib import Path

import httpx
import pytest
import sqlalchemy as sa
from typer.testing import CliRunner

from onrecord.application import app as command_line
from storage import audit, captures
from storage.evidence import EvidenceFolder
from storage.records import Capture
from storage.schema.press import article_versions
from storage.schema.press import articles as article_table
from storage.store import Store
from storage.warc import Exchange
from tests.archive.conftest import Served, form_token
from tests.archive.evidenced import PAGE, PDF, URL, Evidenced, evidenced
from tests.archive.test_reading import text_of
from tests.archive.world import NOW, World
from tests.engines import address_of


def restrict(served: Served, article: str) -> None:
    with served.store.writing() as connection:
        connection.execute(
            sa.update(article_table).where(article_table.c.id == article).values(restriction="restricted")
        )


def noted(store: Store) -> list[tuple[str, str, str | None]]:
    with store.reading() as connection:
        return [(row.action, row.about, row.reason) for row in audit.entries(connection)]


def flip_a_bit(store: Store, capture: Capture) -> None:
    path = store.place.evidence / capture.warc_file
    content = bytearray(path.read_bytes())
    content[capture.offset + capture.length // 2] ^= 1
    path.write_bytes(content)


def test_a_capture_is_a_download_that_no_browser_runs(served: Served, reader: httpx.Client) -> None:
    made = evidenced(served.world)
    for capture, content in ((made.page, PAGE), (made.document, PDF)):
        answer = reader.get(f"/captures/{capture.id}/bytes")
        assert answer.content == content
        assert answer.headers["content-type"] == "application/octet-stream"
        assert answer.headers["content-disposition"].startswith('attachment; filename="')
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "sandbox" in answer.headers["content-security-policy"]
        assert answer.headers["cache-control"] == "no-store"


def test_a_capture_of_no_article_and_no_report_is_not_given_out(served: Served, reader: httpx.Client) -> None:
    made = evidenced(served.world)
    with served.store.writing() as connection:
        row = captures.get(connection, made.page.id)
        listing = {**vars(row), "id": "capture-of-a-listing", "offset": 10**6}
        captures.save(connection, [Capture(**listing)])
    for path in (
        "/captures/capture-of-a-listing/bytes",
        "/captures/none/check",
        "/captures/..%2f..%2fx/bytes",
    ):
        assert reader.get(path).status_code == 404


def test_verifying_reads_the_record_again(served: Served, reader: httpx.Client) -> None:
    made = evidenced(served.world)
    address = f"/captures/{made.page.id}/check"
    assert f"the {len(PAGE)} bytes in it are those of the index" in text_of(reader.get(address))
    flip_a_bit(served.store, made.page)
    assert "failed verification" in text_of(reader.get(address))
    assert reader.get(f"/captures/{made.page.id}/bytes").status_code == 409


def test_terms_that_show_nobody_hold_the_page_back(served: Served, reader: httpx.Client) -> None:
    made = evidenced(served.world, shown_to="nobody")
    assert reader.get(f"/captures/{made.page.id}/bytes").status_code == 403
    assert reader.get(f"/captures/{made.document.id}/bytes").content == PDF


def test_what_is_sealed_is_not_there_but_for_an_operator_with_a_reason(served: Served) -> None:
    made = evidenced(served.world)
    restrict(served, made.article)
    paths = (f"/captures/{made.page.id}/sealed", f"/articles/{made.article}/sealed")
    for role in ("reader", "reviewer"):
        with served.client(role) as client:
            for path in (f"/captures/{made.page.id}/bytes", f"/captures/{made.page.id}/check"):
                assert client.get(path).status_code == 404
            assert [client.get(path).status_code for path in paths] == [403, 403]
    with served.client("operator") as operator:
        for path, held in zip(paths, (PAGE, b"Children are not kept safe"), strict=True):
            token = form_token(operator.get(path).text)
            headers = {"Origin": served.url}
            for empty in ("", "   ", "x" * 1_001):
                told = {"token": token, "reason": empty}
                assert operator.post(path, data=told, headers=headers).status_code == 403
            assert not [entry for entry in noted(served.store) if entry[2] == "  "]
            seen = {"token": token, "reason": f"asked by the court about {path[1:9]}"}
            answer = operator.post(path, data=seen, headers=headers)
            assert answer.status_code == 200
            assert held in answer.content
    assert [entry[0] for entry in noted(served.store)] == ["sealed read", "sealed read"]
    assert {entry[1] for entry in noted(served.store)} == {made.article}


def test_a_sealed_document_that_fails_verification_leaves_no_row(served: Served) -> None:
    made = evidenced(served.world)
    restrict(served, made.article)
    flip_a_bit(served.store, made.page)
    with served.client("operator") as operator:
        path = f"/captures/{made.page.id}/sealed"
        told = {"token": form_token(operator.get(path).text), "reason": "asked by the court"}
        assert operator.post(path, data=told, headers={"Origin": served.url}).status_code == 409
    assert noted(served.store) == []


def packed(served: Served, made: Evidenced) -> httpx.Response:
    with served.client("reviewer") as reviewer:
        token = form_token(reviewer.get(f"/articles/{made.article}").text)
        return reviewer.post(
            f"/articles/{made.article}/pack.zip", data={"token": token}, headers={"Origin": served.url}
        )


def unpacked(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        return {name.split("/", 1)[1]: archive.read(name) for name in archive.namelist()}


def test_a_pack_holds_everything_and_its_digests(served: Served) -> None:
    made = evidenced(served.world)
    answer = packed(served, made)
    assert answer.headers["content-disposition"] == f'attachment; filename="evidence-{made.article}.zip"'
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in answer.headers["content-security-policy"]
    files = unpacked(answer.content)
    assert (files["article/page.html"], files["report/report.pdf"]) == (PAGE, PDF)
    assert hashlib.sha256(files["article/page.warc.gz"]).hexdigest() == made.page.record_digest
    sums = dict(line.split("  ")[::-1] for line in files.pop("SHA256SUMS").decode().splitlines())
    assert sums == {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    told = json.loads(files["explanation.json"])
    assert [line["clue"] for line in told["mentions"][0]["evidence"]] == [
        "operator",
        "quotation",
        "judgement",
    ]
    assert b"Ofsted URN SC990011" in files["sheet.html"]
    assert b"<script" not in files["sheet.html"]
    assert b"ask the desk" in files["README.txt"]
    assert [entry[:2] for entry in noted(served.store)] == [("evidence pack", made.article)]


def test_a_page_found_unchanged_is_packed_with_the_record_that_holds_it(served: Served) -> None:
    made = evidenced(served.world)
    again = Exchange(url=URL, fetched_at=NOW, body=PAGE, status=200, content_type="text/html")
    folder = EvidenceFolder(served.store.place.evidence)
    with folder.writer(at=NOW) as writer, writer.batch() as batch:
        revisit = batch.keep(again, same_as=made.page)
        batch.sync()
        with served.store.writing() as connection:
            captures.save(connection, [revisit])
            connection.execute(sa.update(article_versions).values(capture_id=revisit.id))
    files = unpacked(packed(served, made).content)
    assert files["article/page.html"] == PAGE
    digests = [hashlib.sha256(files[f"article/page{end}.warc.gz"]).hexdigest() for end in ("", "-unchanged")]
    assert digests == [made.page.record_digest, revisit.record_digest]


def test_a_reader_gets_no_pack_and_nobody_one_of_a_restricted_article(served: Served) -> None:
    made = evidenced(served.world)
    with served.client("reader") as reader:
        assert "pack.zip" not in reader.get(f"/articles/{made.article}").text
        token = form_token(reader.get("/").text)
        path = f"/articles/{made.article}/pack.zip"
        headers = {"Origin": served.url}
        assert reader.post(path, data={"token": token}, headers=headers).status_code == 403
    with served.client("reviewer") as reviewer:
        token = form_token(reviewer.get("/").text)
        restrict(served, made.article)
        assert reviewer.post(path, data={"token": token}, headers=headers).status_code == 404
    assert noted(served.store) == []


def test_a_pack_follows_the_terms_of_the_source(served: Served) -> None:
    made = evidenced(served.world, shown_to="nobody")
    files = unpacked(packed(served, made).content)
    assert not [name for name in files if name.startswith("article/")]
    assert b"The page is left out" in files["README.txt"]
    assert b"SK4" not in b"".join(files.values())


def test_a_pack_with_damaged_evidence_is_refused(served: Served) -> None:
    made = evidenced(served.world)
    flip_a_bit(served.store, made.page)
    assert packed(served, made).status_code == 409
    assert noted(served.store) == []


def test_the_command_packs_and_notes_it(store: Store, tmp_path: Path) -> None:
    made = evidenced(World(store))
    out = tmp_path / "story.zip"
    arguments = ["evidence", "pack", URL, "--out", str(out), "--archive", address_of(store)]
    result = CliRunner().invoke(command_line, [*arguments, "--json"], catch_exceptions=False)
    assert json.loads(result.stdout)["article"] == made.article
    assert unpacked(out.read_bytes())["article/page.html"] == PAGE
    assert [entry[:2] for entry in noted(store)] == [("evidence pack", made.article)]
    again = CliRunner().invoke(command_line, arguments)
    assert "is there already" in str(again.exception)


@pytest.mark.parametrize("kind", ["image/svg+xml", "text/html", "application/xhtml+xml", "text/xml", None])
def test_no_fetched_type_comes_back_as_itself(served: Served, reader: httpx.Client, kind: str | None) -> None:
    made = evidenced(served.world)
    with served.store.writing() as connection:
        connection.execute(sa.text("update captures set content_type = :kind"), {"kind": kind})
    answer = reader.get(f"/captures/{made.page.id}/bytes")
    assert answer.headers["content-type"] == "application/octet-stream"
    assert not answer.headers["content-disposition"].endswith('.svg"')
