"""``onrecord worker``: several share the jobs of one archive, and what one that was killed had is done by others.

``ONRECORD_TEST_WORKERS=3x20x100`` is the full size: workers, sites, pages of each.
"""

import contextlib
import itertools
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from crawler.sources import crawl_settings, known_sources
from storage import soundness, sources
from storage.store import Store
from tests.crawler.small_web import Site, serving
from tests.crawler.test_crawl import ECHO, a_feed, a_story, versions

pytestmark = pytest.mark.postgres
WORKERS, SITES, PAGES = map(int, (os.environ.get("ONRECORD_TEST_WORKERS") or "2x3x12").split("x"))
KILL_EVERY = 4.0  # seconds

PAPER = """
from crawler.platforms.wordpress import WordPress


class Paper(WordPress):
    name = "paper{number}"
    title = "Paper {number}"
    hosts = ("www.paper{number}.example",)
    feeds = ("http://www.paper{number}.example/feed/",)
"""


@dataclass
class Newsroom:
    """A folder with settings and sources, and the sites that they crawl."""

    folder: Path
    archive: str
    sites: list[Site]
    started: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    killed: dict[str, float] = field(default_factory=dict)

    def worker(self) -> tuple[str, "subprocess.Popen[bytes]"]:
        """A worker as a process, and the name by which sites know it."""
        name = f"http://worker{next(self.started)}.example"
        environment = os.environ | {"ONRECORD_ARCHIVE": self.archive, "ONRECORD_CONTACT": name}
        words = [sys.executable, "-m", "onrecord", "worker", "--queues", "crawl"]
        with (self.folder / "workers.log").open("ab") as log:
            return name, subprocess.Popen(words, cwd=self.folder, env=environment, stderr=log)

    def stored(self) -> list[tuple[str, int]]:
        """The host and number of each page, once for each version that is kept of it."""
        return [(url.split("/")[2], int(url.split("/")[3])) for url, _, _ in versions(self.archive)]

    def doubly_crawled(self) -> list[str]:
        """Sites that a worker went on asking after another began, though that other was not killed since."""
        found = []
        for number, site in enumerate(self.sites):
            calls = [(at, agent.split("+")[-1]) for at, agent in sorted(site.callers)]
            last: dict[str, float] = {}
            for (_, before), (at, now) in itertools.pairwise(calls):
                if now != before and now in last and self.killed.get(before, at) >= at:
                    found.append(f"paper{number}: {now} after {before}")
                last[before] = at
        return found


@pytest.fixture
def newsroom(postgres: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Newsroom]:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sources").mkdir()
    with contextlib.ExitStack() as stack:
        sites = []
        for number in range(SITES):
            pages = {f"/{n}/?utm_source=rss": a_story(n) for n in range(1, PAGES + 1)}
            feed = a_feed(*range(1, PAGES + 1)).replace(
                ECHO.encode(), f"http://www.paper{number}.example".encode()
            )
            site = Site({"/feed/": feed, **pages}, delay=0.03)
            sites.append(stack.enter_context(serving(site)))
            (tmp_path / "sources" / f"paper{number}.py").write_text(PAPER.format(number=number))
        hosts = "\n".join(f'"www.paper{n}.example" = "{site.address}"' for n, site in enumerate(sites))
        (tmp_path / "onrecord.toml").write_text(f"[schedule]\ngone = 4\n[hosts]\n{hosts}\n")
        with Store.at(postgres, write=True) as store, store.writing() as connection:
            for name, spider in known_sources(crawl_settings(), ("sources",)).items():
                if not name.startswith("paper"):
                    sources.save(connection, spider.declared())
                    sources.switch(connection, name, on=False)
        yield Newsroom(tmp_path, postgres, sites)


def test_workers_that_are_killed_lose_nothing_and_no_site_is_crawled_by_two_at_once(
    newsroom: Newsroom,
) -> None:
    rng, running = random.Random(WORKERS), dict[str, subprocess.Popen[bytes]]()
    until = time.monotonic() + 120 + WORKERS * SITES * PAGES / 5
    try:
        while len(newsroom.stored()) < SITES * PAGES:
            assert time.monotonic() < until, (newsroom.folder / "workers.log").read_text()[-3000:]
            while len(running) < WORKERS:
                name, process = newsroom.worker()
                running[name] = process
            time.sleep(rng.uniform(0.5, 1.5) * KILL_EVERY)
            if len(newsroom.killed) < max(2, SITES):
                name = rng.choice(list(running))
                killed = running.pop(name)
                newsroom.killed[name] = time.monotonic()
                killed.kill()
                killed.wait()
    finally:
        for process in running.values():
            process.send_signal(signal.SIGTERM)
        ended = [process.wait(timeout=60) for process in running.values()]
    assert ended == [0] * len(running)
    assert len(newsroom.killed) >= 2
    assert sorted(newsroom.stored()) == sorted(
        (f"www.paper{number}.example", page) for number in range(SITES) for page in range(1, PAGES + 1)
    )
    assert newsroom.doubly_crawled() == []
    with Store.at(newsroom.archive) as store, store.reading() as connection:
        assert [finding.what for finding in soundness.orphans(connection)] == []
