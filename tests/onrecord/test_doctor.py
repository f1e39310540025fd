"""``onrecord doctor``: each thing that is wrong is named, with what to do."""

import datetime as dt
import json
import re
from importlib import metadata
from pathlib import Path

import pytest
import sqlalchemy as sa
from packaging.version import Version
from typer.testing import CliRunner

from onrecord import doctor
from onrecord.application import app
from storage import alarms, jobs, outbox, sources
from storage.alarms import Concern
from storage.dates import utc_now
from storage.jobs import Planned
from storage.records import Source
from storage.schema.crawl import runs
from storage.store import Store
from tests.archive.evidenced import evidenced
from tests.archive.world import World
from tests.engines import address_of

ROOT = Path(__file__).parents[2]
DAY = dt.timedelta(days=1)


@pytest.fixture
def newsroom(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, store: Store) -> Store:
    """A newsroom's folder, closed to others, with its archive."""
    monkeypatch.chdir(tmp_path)
    Path("onrecord.toml").write_text('contact = "https://newsroom.example/"\n')
    tmp_path.chmod(0o700)
    return store


def wrong(store: Store, *, status: int) -> dict[str, str]:
    """What is wrong, by check: what was told and what to do."""
    asked = ["doctor", "--archive", address_of(store), "--json"]
    result = CliRunner().invoke(app, asked, catch_exceptions=False)
    assert result.exit_code == status
    found = json.loads(result.stdout)
    assert all(one["todo"] for one in found if one["state"] != "good")
    return {one["check"]: f"{one['told']}; {one['todo']}" for one in found if one["state"] == "wrong"}


def opened_to_all(store: Store) -> list[Path]:
    """What no other should write: the archive's file; of a server's archive the settings beside it."""
    return [store.place.path or Path("onrecord.toml")]


def test_a_sound_archive_is_said_to_be_so(newsroom: Store) -> None:
    assert wrong(newsroom, status=0) == {}
    result = CliRunner().invoke(app, ["doctor", "--quiet", "--archive", address_of(newsroom)])
    assert "ok" not in result.stdout


def test_everything_that_is_wrong_is_told_with_what_to_do(newsroom: Store) -> None:
    now = utc_now()
    with newsroom.writing() as connection:
        odd = {"fetched": 3, "stored": 1, "failed": 1}
        connection.execute(sa.insert(runs).values(id="run-1", kind="crawl", started=now + DAY, **odd))
        sources.save(connection, Source(name="bolton_news", kind="news", title="Bolton News"))
        silent = Concern(kind="silent", what="", reason="nothing came")
        for _ in range(2):
            alarms.note(connection, "bolton_news", [silent], judged=(), at=now)
        jobs.plan(connection, [Planned(kind="link", every=DAY)], at=now - 3 * DAY)
        for _ in range(3):
            (held,) = jobs.take(connection, "x", at=now - 2 * DAY, limit=1, among=["link"])
            jobs.finish(connection, held, "failed", at=now - 3 * DAY, reason="no register")
    for path in opened_to_all(newsroom):
        path.chmod(0o666)
    told = wrong(newsroom, status=1)
    assert {"clock", "counts", "permissions", "schedule", "sources"} == told.keys()
    assert "as run-1" in told["counts"]
    assert "NTP" in told["clock"]
    assert "chmod o-w" in told["permissions"]
    assert "link failed 3 times in a row: no register" in told["schedule"]
    assert told["sources"] == "bolton_news: nothing came; run `onrecord sources check bolton_news`"


def test_evidence_that_is_not_there_is_told(newsroom: Store) -> None:
    evidenced(World(newsroom))
    assert wrong(newsroom, status=0) == {}
    file = next(newsroom.place.evidence.glob("*.warc.gz"))
    file.write_bytes(file.read_bytes()[:-1])
    assert "as " + file.name in wrong(newsroom, status=1)["evidence"]


def test_a_schedule_that_stands_still_is_told(newsroom: Store) -> None:
    now = utc_now()
    with newsroom.writing() as connection:
        jobs.plan(connection, [Planned(kind="link", every=DAY)], at=now - 2 * DAY)
    assert "start `onrecord schedule`" in wrong(newsroom, status=1)["schedule"]
    with newsroom.writing() as connection:
        jobs.take(connection, "x", at=now + jobs.LEASE, limit=1, among=["link"])
    assert wrong(newsroom, status=0) == {}, "one that is catching up is at work"


def test_what_keeps_it_from_looking_is_told(newsroom: Store, tmp_path: Path) -> None:
    Path("onrecord.toml").write_text("contract = 1\n")
    assert "onrecord.toml: contract" in wrong(newsroom, status=1)["settings"]
    Path("onrecord.toml").unlink()
    nowhere = CliRunner().invoke(app, ["doctor", "--archive", str(tmp_path / "none.db")])
    assert nowhere.exit_code == 1
    assert "no archive there" in nowhere.stdout


def test_libraries_are_pinned_where_no_fault_of_theirs_is_known() -> None:
    pins = dict(re.findall(r"^(\S+)==(\S+)$", (ROOT / "constraints.txt").read_text().lower(), re.MULTILINE))
    for name, (mended, _) in doctor._FAULTS.items():
        assert Version(pins[name]) >= Version(mended)


def test_told_to_tell_it_leaves_it_to_the_operators_alerts_once(newsroom: Store) -> None:
    for path in opened_to_all(newsroom):
        path.chmod(0o666)
    asked = ["doctor", "--tell", "--quiet", "--archive", address_of(newsroom)]

    def told() -> list[str]:
        assert CliRunner().invoke(app, asked, catch_exceptions=False).exit_code == 0
        with newsroom.reading() as connection:
            found = outbox.notices(connection, since=utc_now() - DAY)
        return [item["notice"] for message in found for item in message.items]

    assert told() == [], "nobody is named who hears of it"
    with Path("onrecord.toml").open("a") as settings:
        settings.write('[alerts]\noperator = "ops@newsroom.example"\n')
    first = told()
    assert "The doctor says of settings: alerts need the archive's address" in "".join(first)
    assert any(line.startswith("The doctor says of permissions: chmod o-w") for line in first)
    assert told() == first


def test_the_version_is_told_as_it_is_installed() -> None:
    told = CliRunner().invoke(app, ["--version"], catch_exceptions=False)
    assert (told.exit_code, told.stdout) == (0, f"onrecord {metadata.version('onrecord')}\n")
