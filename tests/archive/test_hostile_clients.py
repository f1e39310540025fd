"""A hundred clients that ask for too much: each bound is answered, nothing breaks, and a reader reads on.

What readers wait for meanwhile is measured by ``python -m tests.bench hostile``.
"""

import asyncio
import itertools
import logging
import shutil
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from archive.api.pace import Pace
from archive.errors import TooMuchAtOnce
from archive.turns import Turns
from storage import people
from storage.dates import utc_now
from storage.store import Store
from tests.archive.attackers import KINDS, SLOW, Attack
from tests.archive.conftest import Served, serving

CLIENTS, SECONDS = 100, 3
BEYOND = ("huge query", "long query", "far page", "last page", "values", "far in the API", "huge body")
"""What is beyond a bound, whoever asks."""


def session(served: Served, name: str) -> str:
    with served.store.writing() as connection:
        user = people.add_user(connection, name, "reader", at=utc_now())
        return people.start_session(connection, user, at=utc_now())


@pytest.fixture
def faults(served: Served, caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    """What the server says of faults of ours, which it tells nobody by default in a test."""
    logger = logging.getLogger("uvicorn.error")
    caplog.set_level(logging.ERROR, logger.name)
    logger.addHandler(caplog.handler)
    yield caplog
    logger.removeHandler(caplog.handler)


def test_bounds_are_answered_and_a_reader_reads_on(served: Served, faults: pytest.LogCaptureFixture) -> None:
    for n in range(60):
        served.world.article(
            f"Staff of the children's home {n} were told to take more care, the report says."
        )
    served.index()
    attack = Attack(url=served.url, sessions=[session(served, f"leaked {n}") for n in range(3)])
    kinds = list(itertools.islice(itertools.cycle(KINDS), CLIENTS))
    with served.client("reader") as reader:
        thread = threading.Thread(target=lambda: asyncio.run(attack.by(kinds, SECONDS)))
        thread.start()
        read = []
        while thread.is_alive():
            read.append(reader.get("/search?q=children").status_code)
        thread.join()
        assert reader.get("/search?q=children").status_code == 200
    assert set(read) == {200}, "nobody is refused for what others ask"
    told: dict[str, set[int]] = defaultdict(set)
    for kind, status in attack.answers:
        told[kind].add(status)
    assert set(told) == set(KINDS)
    assert set.union(*(told[kind] for kind in BEYOND)) <= {401, 413, 422, 429}
    assert set.union(*(told[kind] for kind in KINDS if kind not in SLOW)) <= {200, 401, 413, 422, 429, 503}
    assert 429 in set.union(*told.values())
    assert [one.getMessage() for one in faults.records if one.levelname == "ERROR"] == []


def test_a_form_that_breaks_off_is_no_fault_of_ours(served: Served, faults: pytest.LogCaptureFixture) -> None:
    async def break_off() -> None:
        attack = Attack(url=served.url, sessions=[""])
        await attack.by(["slow body"] * 5, 0.5)

    asyncio.run(break_off())
    assert httpx.get(served.url, trust_env=False).status_code == 303
    assert [one.getMessage() for one in faults.records if one.levelname == "ERROR"] == []


def test_who_is_refused_again_and_again_waits_for_it(store: Store, empty_index: Path) -> None:
    shutil.copytree(empty_index, store.place.index)
    with serving(store, refusals=Pace(5)) as served, served.client(None) as client:
        waited = []
        for path in ["/api/v1/articles"] * 7 + ["/sign-in"]:
            begun = time.monotonic()
            client.get(path)
            waited.append(time.monotonic() - begun > 1.9)
    assert waited == [False] * 5 + [True] * 2 + [False], "only who is refused, and not at first"


def test_who_asks_for_much_at_once_is_answered_one_after_another_and_others_at_once() -> None:
    under_way: list[str] = []
    most: dict[str, int] = defaultdict(int)

    async def asked(turns: Turns, who: str, seconds: float) -> str:
        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            under_way.append(who)
            most[who] = max(most[who], under_way.count(who))
            await asyncio.sleep(seconds)
            under_way.remove(who)
            await Response()(scope, receive, send)

        async def receive() -> dict[str, str]:
            return {}

        async def send(message: object) -> None:
            pass

        try:
            await turns.answer(who, app, {"type": "http", "method": "GET"}, receive, send)  # type: ignore[arg-type]
        except TooMuchAtOnce:
            return "refused"
        return "answered"

    async def both() -> tuple[list[str], list[str]]:
        turns = Turns(in_line=6)
        crowd = [asyncio.ensure_future(asked(turns, "ada", 0.01)) for _ in range(20)]
        await asyncio.sleep(0)
        other = await asyncio.gather(*(asked(turns, "bea", 0.01) for _ in range(2)))
        return other, await asyncio.gather(*crowd)

    other, crowd = asyncio.run(both())
    assert other == ["answered"] * 2
    assert sorted(crowd) == ["answered"] * 6 + ["refused"] * 14
    assert most == {"ada": 3, "bea": 2}, "two, and one in the crowd's turn"
