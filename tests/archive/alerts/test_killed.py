"""Killed at any instant of a delivery: each message arrives, and at most one a kill arrives twice.

``ONRECORD_TEST_KILLS`` makes it as hard as one likes (200 is full size), ``ONRECORD_TEST_ROUND`` chooses other
moments.
"""

import datetime as dt
import os
import random
import subprocess
import sys
import time

from archive.alerts.matching import match
from storage.dates import utc_now
from storage.search.searching import SearchIndex
from tests.archive.alerts.conftest import Newsroom
from tests.archive.alerts.receivers import Got, Receiver, receiving

KILLS = int(os.environ.get("ONRECORD_TEST_KILLS") or 3)
ROUND = int(os.environ.get("ONRECORD_TEST_ROUND") or 0)
MESSAGES = 12 * KILLS
_SENDER = """
import sys
from pathlib import Path
from archive.alerts import sending
from archive.alerts.post import Post
from storage.dates import utc_now
from storage.store import Store
import datetime as dt
port, ahead = int(sys.argv[2]), dt.timedelta(seconds=float(sys.argv[3]))
with Store.at(sys.argv[1], write=True) as store:
    post = Post(base_url="https://records.paper.example", hosts={"hooks.example": ("127.0.0.1", port)})
    print("begun", flush=True)
    sending.send(store, post, lambda: utc_now() + ahead)
"""


def test_killed_at_any_instant_nothing_is_lost_and_one_a_kill_comes_twice(newsroom: Newsroom) -> None:
    rng, newsroom.now = random.Random(1_000 * ROUND + KILLS), utc_now() - dt.timedelta(hours=1)
    home = newsroom.home(provider=newsroom.world.provider())
    with receiving() as target:
        to = ("webhook", newsroom.allow(target.port))
        feeds = [
            newsroom.alert("setting", home.setting, to).id,  # type: ignore[arg-type]
            newsroom.alert("provider", home.provider or "", to).id,  # type: ignore[arg-type]
        ]
        stories = [newsroom.world.article() for _ in range(MESSAGES)]
        target.delay = 0.01
        told, index = iter(stories), SearchIndex(newsroom.store.place.index)
        for kill in range(KILLS):
            for _ in range(MESSAGES // KILLS):
                newsroom.link(home, next(told))
                if rng.random() < 0.5:  # in looks of their own, so that there are many messages
                    match(newsroom.store, index, at=newsroom.now)
            _kill(newsroom, target, kill, rng)
        newsroom.now = utc_now() + dt.timedelta(hours=KILLS)
        newsroom.send()
    for feed in feeds:
        arrived = [(item["url"].split("/")[-1], one.id) for one in of(target, feed) for item in one.items]
        assert [story for story, _ in dict.fromkeys(arrived)] == stories, "each under one id, and in order"
    assert sum(count - 1 for count in target.times.values()) <= KILLS


def of(target: Receiver, feed: str) -> list[Got]:
    """What came of an alert."""
    return [one for one in target.got if one.told["data"]["alert"] == feed]


def _kill(newsroom: Newsroom, target: Receiver, kill: int, rng: random.Random) -> None:
    """Send in another process and kill it somewhere in between."""
    ahead = 600.0 * kill  # past the lease of what the process before was killed over
    words = [sys.executable, "-c", _SENDER, str(newsroom.store.place), str(target.port), str(ahead)]
    with subprocess.Popen(words, stdout=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stdout.readline() == b"begun\n"
        before, wanted = target.times.total(), rng.randrange(6)
        deadline = time.monotonic() + 30
        while target.times.total() < before + wanted and process.poll() is None:
            if time.monotonic() > deadline:
                break
            time.sleep(0.002)
        time.sleep(rng.uniform(0, 0.03))
        process.kill()
