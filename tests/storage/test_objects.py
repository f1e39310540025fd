"""The evidence store: what was put there comes back to the bit, what is damaged is named, what is erased is gone.

Each test runs on a folder, and on a server that speaks S3.
"""

import gzip
import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from storage import captures, health, orders, pushing, sealed_objects, sealing
from storage.errors import EvidenceAway, UsageMistake
from storage.evidence import DamagedEvidence, EvidenceFolder
from storage.health import Patient
from storage.objects import ObjectStore
from storage.pushing import push
from storage.store import Store
from tests import a_bucket
from tests.archive.world import NOW
from tests.engines import ON_SQLITE, Address, address_of
from tests.storage.test_evidence import PAGE, an_exchange, kept
from tests.storage.test_orders import CANARY, crawled


@pytest.fixture
def news(archive: Address, evidence_store: str) -> Iterator[Store]:
    """An archive with that store."""
    with Store.at(archive, write=True, objects=evidence_store) as opened:
        yield opened


def put(store: Store, content: bytes | None) -> str:
    """Have something else stand in the place of the one object, or nothing; its name."""
    objects = ObjectStore.of(store.place)
    assert objects is not None
    (name,) = objects.sizes()
    path = objects._path(name)
    if content is None:
        objects._files.rm_file(path)
    else:
        objects._files.pipe_file(path, content)
    return name


def got(store: Store) -> bytes:
    objects = ObjectStore.of(store.place)
    assert objects is not None
    (name,) = objects.sizes()
    return objects.read(name, 0, 1 << 30)


def damages(store: Store) -> list[str]:
    with store.reading() as connection:
        return [one.reason for one in EvidenceFolder.of(store.place).verify(captures.each(connection))]


def local(store: Store) -> list[Path]:
    return sorted(store.place.evidence.glob("*.warc.gz"))


def test_what_was_pushed_and_dropped_is_read_to_the_bit(news: Store) -> None:
    bodies = [PAGE, b"", bytes(range(256)) * 700, b"\r\n\r\nWARC/1.1\r\n"]
    folder = EvidenceFolder.of(news.place)
    made = kept(news, folder, *(an_exchange(f"https://paper.example/{n}", b) for n, b in enumerate(bodies)))
    (path,) = local(news)
    whole = path.read_bytes()
    assert push(news, drop=False).put == [path.name]
    assert (got(news), path.read_bytes()) == (whole, whole)
    assert push(news, drop=False).put == [], "it is there"
    assert push(news, drop=True).dropped == [path.name]
    assert local(news) == []
    assert [folder.read(capture) for capture in made] == bodies
    assert damages(news) == []


@ON_SQLITE
def test_a_file_goes_only_once_no_writer_holds_it_and_its_records_are_whole(news: Store) -> None:
    folder = EvidenceFolder.of(news.place)
    with folder.writer(at=NOW) as writer:
        with writer.batch() as batch:
            capture = batch.keep(an_exchange())
            batch.sync()
            with news.writing() as connection:
                captures.save(connection, [capture])
        assert push(news, drop=True) == pushing.Pushed()
        assert folder.read(capture) == PAGE
    (path,) = local(news)
    whole = path.read_bytes()
    for wrong in (whole[:-1], whole + b"x", bytes([whole[0] ^ 1]) + whole[1:]):
        path.write_bytes(wrong)
        assert list(push(news, drop=True).left) == [path.name]
    path.write_bytes(whole)
    assert push(news, drop=True).put == [path.name]


@ON_SQLITE
@pytest.mark.parametrize("dropped", [True, False])
def test_verify_names_what_is_wrong_in_the_store(news: Store, *, dropped: bool) -> None:
    folder = EvidenceFolder.of(news.place)
    made = kept(news, folder, an_exchange(), an_exchange("https://paper.example/b", b"other"))
    push(news, drop=dropped)
    whole = got(news)
    for position in range(0, len(whole), 97):
        put(news, whole[:position] + bytes([whole[position] ^ 4]) + whole[position + 1 :])
        hit = made[position >= made[1].offset]
        at = f"{news.place.objects}/{hit.warc_file}, record at byte {hit.offset} ({hit.url})"
        assert damages(news) == [f"{at}: the record was altered since it was kept"]
    for length in (0, 5, made[1].offset, made[1].offset + 1, len(whole) - 1):
        put(news, whole[:length])
        broken = [one for one in made if one.offset + one.length > length]
        assert len(damages(news)) == len(broken)
        assert all("bytes early" in one and one.startswith(str(news.place.objects)) for one in damages(news))
    if dropped:
        with pytest.raises(DamagedEvidence):
            folder.read(made[1])
        name = put(news, None)
        assert [one.startswith(f"{name}, record") for one in damages(news)] == [True, True]
    else:
        assert push(news, drop=True).put, "what is damaged there is put anew before the file here goes"
        assert (got(news), local(news), damages(news)) == (whole, [], [])


CUT = {
    "before anything is put": ("ObjectStore", "put"),
    "before the file here goes": ("Path", "unlink"),
    "before what was put is read back": ("ObjectStore", "digest"),
}


@ON_SQLITE
@pytest.mark.parametrize("cut", CUT)
def test_killed_at_any_step_a_push_is_done_by_the_next(news: Store, cut: str) -> None:
    made = kept(news, EvidenceFolder.of(news.place), an_exchange())
    (path,) = local(news)
    whole = path.read_bytes()
    _killed("pushing.push(store, drop=True)", news, *CUT[cut])
    assert path.read_bytes() == whole
    assert damages(news) == []
    assert push(news, drop=True).dropped == [path.name]
    assert (local(news), got(news)) == ([], whole)
    assert EvidenceFolder.of(news.place).read(made[0]) == PAGE


def _killed(call: str, store: Store, kind: str, method: str) -> None:
    """Do it in a process of its own that is killed as it calls that method on a WARC file."""
    script = textwrap.dedent(f"""
        import os, signal, sys
        from pathlib import Path
        from storage import pushing, sealing
        from storage.objects import ObjectStore
        from storage.store import Store
        whole = {kind}.{method}
        def killed(*given, **more):
            if any(str(one).endswith("warc.gz") for one in given):
                os.kill(os.getpid(), signal.SIGKILL)
            return whole(*given, **more)
        {kind}.{method} = killed
        with Store.at(sys.argv[1], write=True, objects=sys.argv[2]) as store:
            {call}
    """)
    address = address_of(store)
    done = subprocess.run(
        [sys.executable, "-c", script, address, str(store.place.objects)], check=False, cwd=Path.cwd()
    )
    assert done.returncode == -signal.SIGKILL


def taken_down(store: Store, article: str) -> None:
    with store.writing() as connection:
        orders.take_down(connection, "article", article, reason="asked", who="Ada Moss", at=NOW)


def in_the_store(store: Store) -> str:
    """All that can be read in the object."""
    return gzip.decompress(got(store)).decode()


@pytest.mark.parametrize("dropped", [True, False])
def test_a_takedown_erases_the_bytes_in_the_store(news: Store, *, dropped: bool) -> None:
    article = crawled(news)
    push(news, drop=dropped)
    assert CANARY in in_the_store(news)
    taken_down(news, article)
    assert sealing.finish(news)
    assert CANARY not in in_the_store(news)
    assert "before" in in_the_store(news)
    assert "after" in in_the_store(news)
    assert damages(news) == []
    assert CANARY.encode() not in b"".join(_raw(news))


def _raw(store: Store) -> Iterator[bytes]:
    """Every file beside the archive, unpacked where it can be."""
    for path in store.place.evidence.rglob("*"):
        if path.is_file():
            yield gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()


@ON_SQLITE
@pytest.mark.parametrize("method", ["put", "forget_versions"])
def test_sealing_that_is_killed_is_ended_by_the_next_push(news: Store, method: str) -> None:
    article = crawled(news)
    push(news, drop=True)
    taken_down(news, article)
    _killed("sealing.finish(store)", news, "ObjectStore", method)
    with news.reading() as connection:
        assert sealed_objects.waiting(connection) != {}
    assert CANARY.encode() not in b"".join(_raw(news)), "a copy on its way holds nothing that was erased"
    push(news, drop=True)
    assert CANARY not in in_the_store(news)
    assert damages(news) == []
    with news.reading() as connection:
        assert sealed_objects.waiting(connection) == {}


@ON_SQLITE
def test_what_was_erased_before_it_was_pushed_never_goes_there(news: Store) -> None:
    article = crawled(news)
    taken_down(news, article)
    push(news, drop=True)
    assert CANARY not in in_the_store(news)
    assert damages(news) == []


@ON_SQLITE
def test_a_store_that_is_away_is_one_line_and_nothing_is_lost(
    news: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    article = crawled(news)
    push(news, drop=False)
    away = _away(monkeypatch)
    with Store.at(address_of(news), write=True, objects=away) as store:
        for call in (lambda: push(store, drop=True), lambda: damages(store)):
            with pytest.raises(EvidenceAway, match="does not answer") as told:
                call()
            assert "\n" not in str(told.value)
            assert "a-secret-of-nobody" not in str(told.value)
        taken_down(store, article)
        assert not sealing.finish(store), "it is not all erased yet"
        assert [one.state for one in looked(store)] == ["wrong", "wrong", "good", "good"]


def _away(monkeypatch: pytest.MonkeyPatch) -> str:
    """A bucket on a server that is not there; a folder that cannot be asked."""
    if "AWS_ENDPOINT_URL" in os.environ:
        a_bucket.told(monkeypatch, f"http://127.0.0.1:{a_bucket.free_port()}")
        return "s3://elsewhere/evidence"
    return f"file://{Path.cwd()}/not-mounted"


def looked(store: Store) -> list[Any]:
    with store.reading() as connection:
        patient = Patient(connection=connection, place=store.place, at=NOW)
        return list(health.evidence(patient))


@ON_SQLITE
def test_the_doctor_counts_what_waits(news: Store) -> None:
    crawled(news)
    assert [one.told for one in looked(news)] == [
        "0 files in it, 1 here wait for upload",
        "1 files, all there",
    ]
    push(news, drop=True)
    assert [one.told for one in looked(news)] == [
        "1 files in it, 0 here wait for upload",
        "1 files, all there",
    ]
    put(news, got(news)[:-1])
    assert looked(news)[-1].state == "wrong"


@ON_SQLITE
@pytest.mark.objects
def test_a_bucket_that_keeps_versions_keeps_none_of_what_was_erased(
    archive: Address, s3: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_bucket.told(monkeypatch, s3)
    bucket = a_bucket.made(tmp_path, versions=True)
    with Store.at(archive, write=True, objects=f"s3://{bucket}/evidence") as store:
        article = crawled(store)
        push(store, drop=True)
        taken_down(store, article)
        assert sealing.finish(store)
        versions = a_bucket.versions(bucket)
        assert [CANARY in gzip.decompress(one).decode() for one in versions] == [False]


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("nowhere", "an address such as s3://bucket/prefix"),
        ("s3://key:secret@bucket/x", "holds a password"),
        ("s3://", "an address such as"),
        ("nonesuch://bucket/x", "nonesuch"),
    ],
)
def test_an_address_that_is_none_is_refused_and_never_printed_with_its_secret(
    address: str, said: str
) -> None:
    with pytest.raises(UsageMistake, match=said) as told:
        ObjectStore(address)
    assert "secret@" not in str(told.value)


@ON_SQLITE
def test_without_a_store_a_push_says_how_to_name_one(store: Store) -> None:
    with pytest.raises(UsageMistake, match="evidence_store = "):
        push(store, drop=False)
