"""Killed at any instant, and again: the next crawl goes on, with nothing lost and nothing twice.

``ONRECORD_TEST_KILLS`` and ``ONRECORD_TEST_PAGES`` make it as hard as one likes: 50 and 2,041 is full size;
``ONRECORD_TEST_ROUND`` chooses other moments.
"""

import gzip
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import sqlalchemy as sa

from crawler.orders import Order
from storage import captures, soundness
from storage.evidence import EvidenceFolder
from storage.schema.crawl import runs
from storage.store import Store
from tests.crawler.small_web import Site, serving
from tests.crawler.test_crawl import a_feed, a_story, an_order, run, versions

KILLS = int(os.environ.get("ONRECORD_TEST_KILLS") or (8 if os.environ.get("CI") else 3))
PAGES = int(os.environ.get("ONRECORD_TEST_PAGES") or 60 * KILLS)
WEIGHT = 22_000  # bytes that a real page weighs compressed
ROUND = int(os.environ.get("ONRECORD_TEST_ROUND") or 0)
OPEN_AT_ONCE = 48  # addresses that a killed crawl may have to fetch again


def test_killed_at_any_instant_nothing_is_lost_or_doubled(tmp_path: Path) -> None:
    archive, rng = tmp_path / "archive.db", random.Random(1_000 * ROUND + KILLS)
    numbers = range(1, PAGES + 1)
    pages = {f"/{n}/?utm_source=rss": _heavy(a_story(n), rng) for n in numbers}
    most = OPEN_AT_ONCE + PAGES // KILLS  # before anything was kept, and some pages after
    with serving(Site({"/feed/": a_feed(*numbers), **pages}, delay=0.01)) as site:
        for _ in range(KILLS):
            _kill_a_crawl(an_order(archive, site), site, rng.randrange(most), rng.uniform(0, 0.2))
            assert _unsound(archive) == []
        killed_after = site.asked.total()
        while run(archive, site).waiting:
            pass  # a run fetches no more than its budget
        assert site.asked.total() > killed_after, "there was nothing left to do"
    stored = versions(archive)
    assert sorted(int(url.split("/")[3]) for url, _, _ in stored) == list(numbers)
    assert {number for _, number, _ in stored} == {1}
    again = sum(count - 1 for path, count in site.asked.items() if "utm" in path)
    assert again <= KILLS * OPEN_AT_ONCE
    with Store.at(archive) as store, store.reading() as connection:
        indexed = list(captures.each(connection))
        folder = EvidenceFolder(store.place.evidence)
        assert list(folder.verify(iter(indexed))) == []
        ended = list(connection.execute(sa.select(runs).order_by(runs.c.started)))
    assert _unsound(archive) == []
    outcomes = [one.outcome for one in ended]
    assert outcomes == sorted(outcomes, reverse=True), "stopped ones first"
    assert all(one.fetched == one.stored + one.duplicate + one.refused + one.failed for one in ended)
    assert sum(one.stored for one in ended if one.stored) >= len(numbers)
    for path in folder.path.glob("*.warc.gz"):
        assert gzip.decompress(path.read_bytes())


def _unsound(archive: Path) -> list[str]:
    """What is wrong with pages, keys or tables, where there is an archive yet."""
    if not archive.exists():
        return []
    with Store.at(archive) as store, store.reading() as connection:
        checks = (soundness.database, soundness.orphans)
        return [finding.what for check in checks for finding in check(connection)]


def _heavy(page: bytes, rng: random.Random) -> bytes:
    """As long a record as a real page's, so that many a kill falls into the writing of one."""
    return page + f"<!-- {rng.randbytes(WEIGHT).hex()} -->".encode()


def _kill_a_crawl(order: Order, site: Site, pages: int, moment: float) -> None:
    """Kill the crawling process, or its parent, so many pages and seconds after it began to ask."""
    code = (
        "import sys; from crawler.run import crawl; from crawler.orders import Order;"
        " crawl(Order.from_json(sys.argv[1]))"
    )
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    quiet = {"env": environment, "stderr": subprocess.DEVNULL}
    parent = subprocess.Popen([sys.executable, "-c", code, order.to_json()], **quiet)  # type: ignore[call-overload]
    until = time.monotonic() + 60
    child = _child_of(parent, until)
    asked = site.asked.total()  # without what the child of a parent that was killed before asked meanwhile
    while site.asked.total() <= asked + pages and time.monotonic() < until:
        time.sleep(0.005)
    time.sleep(moment)
    os.kill(child if pages % 2 else parent.pid, signal.SIGKILL)
    parent.wait()


def _child_of(parent: subprocess.Popen[bytes], until: float) -> int:
    """The process that crawls, once its parent has started it."""
    children = Path(f"/proc/{parent.pid}/task/{parent.pid}/children")
    while not (found := children.read_text().split()) and time.monotonic() < until:
        time.sleep(0.005)
    return int(found[0])
