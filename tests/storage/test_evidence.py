"""Evidence: bytes come back exactly, or the fault is named; a torn tail never counts as a record."""

import datetime as dt
import gzip
import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from storage import captures
from storage.errors import NotFound
from storage.evidence import DamagedEvidence, EvidenceFolder
from storage.records import Capture
from storage.store import Store
from storage.warc import Exchange
from tests.engines import address_of

AT = dt.datetime(2024, 3, 5, 9, 30, tzinfo=dt.UTC)
PAGE = "<html><p>Inspectors called twice. £40 café</p></html>".encode()


def an_exchange(url: str = "https://paper.example/a", body: bytes = PAGE, **more: object) -> Exchange:
    given = {"status": 200, "headers": (("Content-Type", "text/html"),), "content_type": "text/html"}
    return Exchange(url=url, fetched_at=AT, body=body, **(given | more))  # type: ignore[arg-type]


def kept(store: Store, folder: EvidenceFolder, *exchanges: Exchange) -> list[Capture]:
    """Keep and index exchanges as the crawler does."""
    with folder.writer(at=AT) as writer, writer.batch() as batch:
        made = [batch.keep(exchange) for exchange in exchanges]
        batch.sync()
        with store.writing() as connection:
            captures.save(connection, made)
    return made


@pytest.fixture
def folder(store: Store) -> EvidenceFolder:
    return EvidenceFolder(store.place.evidence)


def test_a_body_comes_back_to_the_bit(store: Store, folder: EvidenceFolder) -> None:
    bodies = [PAGE, b"", bytes(range(256)) * 700, b"\r\n\r\nWARC/1.1\r\n"]
    made = kept(store, folder, *(an_exchange(f"https://paper.example/{n}", b) for n, b in enumerate(bodies)))
    assert [folder.read(capture) for capture in made] == bodies


def test_a_compressed_body_is_kept_as_sent_and_read_plain(store: Store, folder: EvidenceFolder) -> None:
    sent = gzip.compress(PAGE)
    (capture,) = kept(store, folder, an_exchange(body=sent, headers=(("Content-Encoding", "gzip"),)))
    assert folder.read(capture) == sent
    assert folder.content(capture) == PAGE


def test_other_tools_read_the_file(store: Store, folder: EvidenceFolder) -> None:
    first, second = kept(
        store, folder, an_exchange(), an_exchange("file:story.html", status=None, headers=())
    )
    with (folder.path / first.warc_file).open("rb") as file:
        read = [
            (record.rec_type, record.rec_headers["WARC-Target-URI"], record.raw_stream.read())
            for record in ArchiveIterator(file, check_digests="raise")
        ]
    assert read == [("response", first.url, PAGE), ("resource", second.url, PAGE)]


def test_an_unchanged_body_is_kept_once(store: Store, folder: EvidenceFolder) -> None:
    (first,) = kept(store, folder, an_exchange())
    with folder.writer(at=AT) as writer, writer.batch() as batch:
        again = batch.keep(an_exchange(), same_as=first)
        batch.sync()
        with store.writing() as connection:
            captures.save(connection, [again])
    assert again.record_type == "revisit"
    with store.reading() as connection:
        assert captures.with_body(connection, again) == first
        assert captures.holding(connection, first.digest, first.url) == first
        assert captures.holding(connection, first.digest, "https://other.example/") is None


def test_a_record_starts_a_new_file_when_the_old_one_is_full(store: Store) -> None:
    folder = EvidenceFolder(store.place.evidence, rotate_above=100)
    with folder.writer(at=AT) as writer:
        made = []
        for number in range(3):
            with writer.batch() as batch:
                made.append(batch.keep(an_exchange(f"https://paper.example/{number}")))
                batch.sync()
    assert len({capture.warc_file for capture in made}) == 3
    assert [folder.read(capture) for capture in made] == [PAGE] * 3
    assert not list(folder.path.glob("*.lock"))


def test_two_writers_never_share_a_file(folder: EvidenceFolder) -> None:
    with folder.writer(at=AT) as one, folder.writer(at=AT) as two, one.batch() as a, two.batch() as b:
        assert a.keep(an_exchange()).warc_file != b.keep(an_exchange()).warc_file


def test_a_failed_batch_leaves_no_byte(store: Store, folder: EvidenceFolder) -> None:
    with folder.writer(at=AT) as writer:
        with writer.batch() as batch:
            first = batch.keep(an_exchange())
            batch.sync()
        with pytest.raises(ZeroDivisionError), writer.batch() as batch:
            batch.keep(an_exchange("https://paper.example/b"))
            raise ZeroDivisionError
    assert (folder.path / first.warc_file).stat().st_size == first.length
    assert folder.read(first) == PAGE


def test_verify_finds_every_flipped_bit(store: Store, folder: EvidenceFolder) -> None:
    made = kept(store, folder, an_exchange(), an_exchange("https://paper.example/b", b"other"))
    path = folder.path / made[0].warc_file
    whole = path.read_bytes()
    assert list(folder.verify(iter(made))) == []
    for position in range(len(whole)):
        damaged = bytearray(whole)
        damaged[position] ^= 1 << position % 8
        path.write_bytes(damaged)
        hit = made[position >= made[1].offset]
        assert [damage.capture for damage in folder.verify(iter(made))] == [hit]
        with pytest.raises(DamagedEvidence, match=f"{hit.warc_file}, record at byte {hit.offset} "):
            folder.read(hit)


def test_verify_finds_every_truncation_and_a_missing_file(store: Store, folder: EvidenceFolder) -> None:
    made = kept(store, folder, an_exchange(), an_exchange("https://paper.example/b", b"other"))
    path = folder.path / made[0].warc_file
    whole = path.read_bytes()
    for length in range(len(whole)):
        path.write_bytes(whole[:length])
        broken = [capture for capture in made if capture.offset + capture.length > length]
        assert [damage.capture for damage in folder.verify(iter(made))] == broken
    path.unlink()
    assert len(list(folder.verify(iter(made)))) == 2


def test_a_torn_tail_is_moved_aside_at_the_next_start(store: Store, folder: EvidenceFolder) -> None:
    (first,) = kept(store, folder, an_exchange())
    path = folder.path / first.warc_file
    whole = path.read_bytes()
    for length in range(1, len(whole), 7):
        path.write_bytes(whole + whole[:length])
        Path(f"{path}.lock").touch()  # what a killed writer leaves
        (moved,) = folder.recover({path.name: len(whole)})
        assert moved.read_bytes() == whole[:length]
        assert path.read_bytes() == whole
        assert folder.read(first) == PAGE
        assert folder.recover({path.name: len(whole)}) == []


@pytest.mark.parametrize("content", [b"", b"torn"])
def test_a_file_without_a_whole_record_is_taken_away(folder: EvidenceFolder, content: bytes) -> None:
    folder.path.mkdir()
    path = folder.path / "onrecord-x.warc.gz"
    path.write_bytes(content)
    Path(f"{path}.lock").touch()
    assert [moved.read_bytes() for moved in folder.recover({})] == ([content] if content else [])
    assert not list(folder.path.glob("*.warc.gz*"))


def test_the_file_of_a_living_writer_is_left_alone(folder: EvidenceFolder) -> None:
    with folder.writer(at=AT) as writer, writer.batch() as batch:
        capture = batch.keep(an_exchange())
        assert folder.recover({}) == []
        assert folder.read(capture) == PAGE


def test_killed_at_any_moment_every_indexed_record_is_whole(store: Store, folder: EvidenceFolder) -> None:
    script = textwrap.dedent("""
        import datetime as dt, sys
        from storage import captures
        from storage.evidence import EvidenceFolder
        from storage.store import Store
        from storage.warc import Exchange
        at = dt.datetime(2024, 3, 5, tzinfo=dt.UTC)
        with Store.at(sys.argv[1], write=True) as store:
            writer = EvidenceFolder(store.place.evidence).writer(at=at)
            for number in range(10**6):
                body = b"%d " % number * 5000
                with writer.batch() as batch:
                    made = batch.keep(Exchange(url=f"https://p.example/{number}", fetched_at=at, body=body))
                    batch.sync()
                    with store.writing() as connection:
                        captures.save(connection, [made])
                print(number, flush=True)
    """)
    for kill in range(4):
        child = subprocess.Popen(
            [sys.executable, "-c", script, address_of(store)], stdout=subprocess.PIPE, text=True
        )
        assert child.stdout is not None
        for _ in range(3 + 5 * kill):
            child.stdout.readline()
        os.kill(child.pid, signal.SIGKILL)
        acknowledged = 3 + 5 * kill + len(child.stdout.read().splitlines())
        child.wait()
        child.stdout.close()
        with store.reading() as connection:
            indexed = list(captures.each(connection))
            folder.recover(captures.ends(connection))
        assert list(folder.verify(iter(indexed))) == []
        assert len([one for one in indexed if f"-{child.pid}-" in one.warc_file]) >= acknowledged
        for path in folder.path.glob("*.warc.gz"):
            assert gzip.decompress(path.read_bytes())


def test_an_article_that_was_imported_as_text_has_no_bytes(store: Store) -> None:
    with store.reading() as connection, pytest.raises(NotFound, match="imported as text"):
        captures.of_article(connection, "article-none")
