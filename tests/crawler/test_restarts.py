"""The database server crashes under a crawl: the crawl waits, goes on, and has every page once.

``ONRECORD_TEST_CRAWL_RESTARTS`` says how often; 10 is the full size.
"""

import gzip
import os
import random
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa

from crawler.run import crawl
from storage import captures, soundness
from storage.evidence import EvidenceFolder
from storage.schema.crawl import runs
from storage.schema.press import article_versions, articles
from storage.store import Store
from tests.crawler.small_web import Site, serving
from tests.crawler.test_crawl import a_feed, a_story, an_order
from tests.storage.a_cluster import Cluster, a_cluster

pytestmark = pytest.mark.postgres
RESTARTS = int(os.environ.get("ONRECORD_TEST_CRAWL_RESTARTS") or 2)
NUMBERS = range(1, 60 * (RESTARTS + 1) + 1)


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    with a_cluster() as made:
        yield made


def test_a_crawl_goes_on_when_the_server_is_back(
    cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)  # where the folders of the archive are
    pages = {f"/{n}/?utm_source=rss": a_story(n) for n in NUMBERS}
    rng = random.Random(RESTARTS)
    with (
        serving(Site({"/feed/": a_feed(*NUMBERS), **pages}, delay=0.1)) as site,
        ThreadPoolExecutor(1) as pool,
    ):
        crawling = pool.submit(crawl, an_order(cluster.address, site))  # type: ignore[arg-type]
        for number in range(RESTARTS):
            while site.asked.total() < 10 + 60 * number:
                assert not crawling.done(), crawling.result()
                time.sleep(0.01)
            time.sleep(rng.uniform(0, 0.5))
            cluster.stop()
            time.sleep(rng.uniform(0, 1.0))
            cluster.start()
        assert not crawling.done(), "it ended before the last crash"
        (summary,) = crawling.result(120)
    assert (summary.ending, summary.reason, summary.waiting) == ("done", None, 0)
    assert summary.outcomes == {"done": len(NUMBERS) + 1}
    assert {site.asked[path] for path in pages} == {1}, "what was fetched is not fetched again"
    with Store.at(cluster.address) as store, store.reading() as connection:
        joined = sa.select(articles.c.url, article_versions.c.number).join(
            article_versions, article_versions.c.article_id == articles.c.id
        )
        stored = sorted((int(row.url.split("/")[3]), row.number) for row in connection.execute(joined))
        indexed = list(captures.each(connection))
        ended = connection.execute(sa.select(runs)).one()
        folder = EvidenceFolder(store.place.evidence)
        assert [
            found for check in (soundness.database, soundness.orphans) for found in check(connection)
        ] == []
    assert stored == [(number, 1) for number in NUMBERS]
    assert len(indexed) == len({one.url for one in indexed}) == len(NUMBERS) + 1
    assert list(folder.verify(iter(indexed))) == []
    records = sum(
        gzip.decompress(path.read_bytes()).count(b"WARC/1.1\r\n") for path in folder.path.glob("*.gz")
    )
    assert records == len(indexed), "nothing lies in the files that is not indexed"
    assert (ended.fetched, ended.stored) == (len(NUMBERS) + 1, len(NUMBERS) + 1)
