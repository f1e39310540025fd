"""The keeper keeps together what may come together, and waits for nobody who is not on the way."""

import asyncio
import datetime as dt

import pytest

from crawler import keeping
from crawler.harvest import Harvest
from crawler.keeping import Keeper
from crawler.outcomes import Verdict
from storage import frontier, runs, sources
from storage.evidence import EvidenceFolder
from storage.frontier import Entry, Found
from storage.store import Store
from tests.crawler.small_press import FenlandEcho

AT = dt.datetime(2024, 3, 6, 12, tzinfo=dt.UTC)
PAPER = "https://www.fenlandecho.example"


@pytest.fixture
def claimed(store: Store) -> tuple[str, list[Entry]]:
    """A run that has claimed three addresses."""
    found = [Found(url=f"{PAPER}/{number}/", kind="article") for number in range(3)]
    with store.writing() as connection:
        sources.save(connection, FenlandEcho.declared())
        run_id = runs.begin(connection, "crawl", "fenland_echo", at=AT)
        frontier.add(connection, "fenland_echo", found, at=AT)
        return run_id, frontier.claim(connection, "fenland_echo", run_id, limit=3, at=AT)


def test_the_last_pages_are_kept_at_once_and_others_wait_for_company(
    store: Store, claimed: tuple[str, list[Entry]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "_PATIENCE", 3600.0)  # whoever waits in vain never ends
    run_id, entries = claimed
    gone = Verdict(outcome="gone", reason="status 404")
    ended = [Harvest(entry=entry, run_id=run_id, verdict=gone, at=AT) for entry in entries]

    async def crawl() -> list[str]:
        with EvidenceFolder(store.place.evidence).writer(at=AT) as writer:
            keeper = Keeper(store, writer)
            keeper.expect(entries)
            first = [asyncio.ensure_future(keeper.keep(one)) for one in ended[:2]]
            done, _ = await asyncio.wait(first, timeout=0.2)
            assert not done, "a third page is on the way"
            outcomes = await asyncio.wait_for(asyncio.gather(*first, keeper.keep(ended[2])), 60)
            keeper.close()
            return outcomes

    assert asyncio.run(crawl()) == ["gone"] * 3
