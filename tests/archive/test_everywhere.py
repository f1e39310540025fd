"""Every page on both engines: what an archive in SQLite shows, the same archive in PostgreSQL shows."""

import re
from pathlib import Path
from typing import Final

import pytest

from archive.leads import LEADS
from archive.public import Opening
from storage import people
from storage.dates import utc_now
from storage.search.indexer import open_indexer
from storage.store import Store
from tests.archive.conftest import serving
from tests.archive.everywhere import lived_in

pytestmark = pytest.mark.postgres
BESIDES: Final = (
    *(f"/leads/{name}" for name in LEADS),
    *(f"/leads/{name}.csv" for name in LEADS),
    "/leads/uncovered?severity=weak&within=all&authority=Bolton&region=North+West",
    "/leads/unrecorded?why=several_fit&outlet=Bolton+Beacon",
    "/providers/{id}?as_of=2024-01-31",
    "/groups/{name:path}?as_of=2024-01-31",
    "/articles/{id}?version=1&against=2",
    "/operator/audit?verify=1&who=Ada+Moss",
    "/review?answer=several_fit",
    "/notes?q=council",
    "/public?authority=Bury",
)
CHANCE: Final = re.compile(
    r"(?<=-)[a-z2-7]{16}\b"  # ids that are drawn
    r"|\b[0-9a-f]+\.[0-9a-f]+-[0-9a-f]{12}\b"  # cursors, which hold the digest of such an id
    r"|(?<=/feeds/)[\w-]{43}"  # secrets of feeds
    r"|[0-9a-f]{64}"  # form tokens, and digests of what holds such an id
    r"|onrecord-\d{8}T\d{6}Z-[\w-]+"  # names of WARC files
    r"|(?<=at )\d+, \d+ bytes|-c \+?\d+"  # where and how long a record is that holds such an id
    r"|\d\d:\d\d (?:GMT|BST)"  # when it was looked at
    r"|<div><dt>(?:Database|On Record)</dt>.*"  # what tells of the engine and of the disk
)


def shown(store: Store) -> dict[str, str]:
    """Every page of a lived-in archive, without what chance gave it."""
    there = lived_in(store)
    with open_indexer(store) as indexer:
        indexer.catch_up()
    found = {}
    opening = Opening(open=True, machine_links=True)
    with serving(store, opening=opening) as served, served.client(None) as client:
        with store.writing() as connection:
            user = people.find_user(connection, "Ada Moss")
            secret = people.start_session(connection, user, at=utc_now())
        client.cookies.set("onrecord-session", secret)
        for path in (*there.looked_at, *BESIDES):
            answer = client.get(there.looked_at.get(path) or there.address(path))
            assert answer.status_code in (200, 303), f"{path} answers {answer.status_code}"
            found[path] = CHANCE.sub("*", answer.text.replace(served.url, ""))
    return found


def test_every_page_is_the_same_on_both_engines(
    postgres: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with Store.at(tmp_path / "archive.db", write=True) as store:
        on_sqlite = shown(store)
    with Store.at(postgres, write=True) as store:
        on_postgres = shown(store)
    lines = {path: (page.splitlines(), on_postgres[path].splitlines()) for path, page in on_sqlite.items()}
    # Equally good hits stand in the order in which the index took them in, which is no promise.
    told = {path: sorted({*one} ^ {*other}) for path, (one, other) in lines.items()}
    ordered = [path for path, (one, other) in lines.items() if one == other or path.startswith("/search")]
    assert {path: differing for path, differing in told.items() if differing} == {}
    assert ordered == list(on_sqlite)
