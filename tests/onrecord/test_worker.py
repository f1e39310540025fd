"""``onrecord worker``: several share the jobs of one archive, and what one that was killed had is done by others.

``ONRECORD_TEST_WORKERS=3x20x100`` (workers, sites, pages of each) with ``ONRECORD_TEST_RESTARTS=10``, of the
server, is the full size.
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
from dataclasses import dataclass
from pathlib import Path

import pytest

from crawler.sources import crawl_settings, known_sources
from storage import soundness, sources
from storage.store import Store
from tests.crawler.small_web import Site, serving
from tests.crawler.test_crawl import ECHO, a_feed, a_story, versions
from tests.storage.a_cluster import Cluster, a_cluster

pytestmark = pytest.mark.postgres
WORKERS, SITES, PAGES = map(int, (os.environ.get("ONRECORD_TEST_WORKERS") or "2x3x12").split("x"))
RESTARTS = int(os.environ.get("ONRECORD_TEST_RESTARTS") or 1)
KILL_EVERY = 4.0  # seconds

PAPER = """
import os

from crawler.platforms.wordpress import WordPress


class Paper(WordPress):
    name = "paper{number}"
    title = "Paper {number}"
    hosts = ("www.paper{number}.example",)
    feeds = ("http://www.paper{number}.example/feed/",)
    custom_settings = {{"USER_AGENT": f"OnRecord/{{os.getpid()}}"}}
"""
"""Its crawls are told apart by the process in their agent's name."""


@dataclass
class Newsroom:
    """A folder with settings and sources, and the sites that they crawl."""

    folder: Path
    archive: str
    sites: list[Site]

    def worker(self) -> "subprocess.Popen[bytes]":
        """A worker, as a process."""
        words = [sys.executable, "-m", "onrecord", "worker", "--queues", "crawl"]
        environment = os.environ | {"ONRECORD_ARCHIVE": self.archive}
        with (self.folder / "workers.log").open("ab") as log:
            return subprocess.Popen(words, cwd=self.folder, env=environment, stderr=log)

    def stored(self) -> list[tuple[str, int]]:
        """The host and number of each page, once for each version that is kept of it."""
        return [(url.split("/")[2], int(url.split("/")[3])) for url, _, _ in versions(self.archive)]

    def crawled_by_two(self) -> list[str]:
        """Sites that a crawl went on asking after another had begun."""
        found = []
        for number, site in enumerate(self.sites):
            agents = [agent for agent, _ in itertools.groupby(agent for _, agent in sorted(site.callers))]
            if len(set(agents)) < len(agents):
                found.append(f"paper{number}: {agents}")
        return found


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    with a_cluster() as made:
        yield made


@pytest.fixture
def newsroom(cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Newsroom]:
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
        with Store.at(cluster.address, write=True) as store, store.writing() as connection:
            for name, spider in known_sources(crawl_settings(), ("sources",)).items():
                if not name.startswith("paper"):
                    sources.save(connection, spider.declared())
                    sources.switch(connection, name, on=False)
        yield Newsroom(tmp_path, cluster.address, sites)


def test_whatever_dies_meanwhile_each_page_is_kept_once_and_no_site_is_crawled_by_two_at_once(
    newsroom: Newsroom, cluster: Cluster
) -> None:
    rng, running = random.Random(WORKERS), list["subprocess.Popen[bytes]"]()
    killed = restarted = 0
    until = time.monotonic() + 240 + WORKERS * SITES * PAGES / 5
    try:
        while killed < SITES or restarted < RESTARTS or len(newsroom.stored()) < SITES * PAGES:
            assert time.monotonic() < until, (newsroom.folder / "workers.log").read_text()[-3000:]
            running += [newsroom.worker() for _ in range(WORKERS - len(running))]
            time.sleep(rng.uniform(0.5, 1.5) * KILL_EVERY)
            if restarted < RESTARTS and killed > restarted:
                cluster.restart()
                restarted += 1
            elif killed < SITES:
                one = running.pop(rng.randrange(len(running)))
                one.kill()
                one.wait()
                killed += 1
    finally:
        for one in running:
            one.send_signal(signal.SIGTERM)
        ended = [one.wait(timeout=60) for one in running]
    assert ended == [0] * len(running)
    assert sorted(newsroom.stored()) == sorted(
        (f"www.paper{number}.example", page) for number in range(SITES) for page in range(1, PAGES + 1)
    )
    assert newsroom.crawled_by_two() == []
    with Store.at(newsroom.archive) as store, store.reading() as connection:
        assert [finding.what for finding in soundness.orphans(connection)] == []
