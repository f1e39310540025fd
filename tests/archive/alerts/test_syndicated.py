"""Stories that many sites print, each in its own words: one cluster a story, and one alert, whenever it is sent.

``ONRECORD_TEST_STORIES`` says how many stories of how many sites: 50x30 is full size.
"""

import datetime as dt
import os
import random
from collections import Counter
from itertools import combinations

import sqlalchemy as sa

from archive.alerts import sending
from linker.stored import grouping
from storage import articles
from storage.records import Article
from storage.schema.press import articles as table
from tests.archive.alerts.conftest import Newsroom
from tests.archive.alerts.receivers import receiving
from tests.linker.invented_copies import a_story, as_text, edited

STORIES, SITES = map(int, (os.environ.get("ONRECORD_TEST_STORIES") or "6x10").split("x"))
ROUNDS = 5  # crawls in which the copies come


def copies(dice: random.Random) -> list[tuple[int, Article]]:
    """Each copy with the number of its story, in the order in which they come."""
    stock = a_story(dice, 2)
    stories = [a_story(dice) + stock for _ in range(STORIES)]
    made = [
        (
            number,
            Article(
                url=f"https://www.site-{site}.example/{number}",
                title="Home told to improve",
                text=as_text(edited(story, dice)),
                outlet=f"Site {site}",
            ),
        )
        for number, story in enumerate(stories)
        for site in range(SITES)
    ]
    dice.shuffle(made)
    return made


def test_each_story_is_one_cluster_and_one_alert(newsroom: Newsroom) -> None:
    home = newsroom.home(provider=newsroom.world.provider())
    of: dict[str, int] = {}
    with receiving() as found, receiving() as linked:
        newsroom.alert("search", "q=improve", ("webhook", newsroom.allow(found.port, "found.example")))
        to = ("webhook", newsroom.allow(linked.port, "linked.example"))
        newsroom.alert("setting", home.setting, to)  # type: ignore[arg-type]
        made = copies(random.Random(20))
        for share in (made[n::ROUNDS] for n in range(ROUNDS)):
            newsroom.later(hours=1)
            with newsroom.store.writing() as connection:
                come = {articles.save(connection, one, at=newsroom.now).article_id: n for n, one in share}
            of |= come
            told = len(found.items)
            sending.send(newsroom.store, newsroom.post, newsroom.clock)
            assert len(found.items) == told, "it waits to know what is a copy of what"
            grouping.group(newsroom.store, newsroom.now)
            newsroom.link(home, *come)
            sending.send(newsroom.store, newsroom.post, newsroom.clock)
    assert Counter(item["event"] for item in found.items) == {"found": STORIES}
    assert Counter(item["event"] for item in linked.items) == {"linked": STORIES}
    precision, recall = agreement(newsroom, of)
    assert precision >= 0.99
    assert recall >= 0.95


def agreement(newsroom: Newsroom, of: dict[str, int]) -> tuple[float, float]:
    """Of the pairs of articles that are in one story, the share that are copies; and the other way about."""
    with newsroom.store.reading() as connection:
        rows = connection.execute(
            sa.select(table.c.id, table.c.story_id).where(table.c.story_id.is_not(None))
        )
        together: dict[str, list[str]] = {}
        for id_, story in rows:
            together.setdefault(story, []).append(id_)
    pairs = [of[one] == of[other] for some in together.values() for one, other in combinations(some, 2)]
    return sum(pairs) / len(pairs), sum(pairs) / (STORIES * SITES * (SITES - 1) / 2)


def test_what_nobody_compares_is_told_of_all_the_same(newsroom: Newsroom) -> None:
    with receiving() as target:
        newsroom.alert("search", "q=improve", ("webhook", newsroom.allow(target.port)))
        newsroom.later(minutes=1)
        (_, first), *_ = copies(random.Random(3))
        with newsroom.store.writing() as connection:
            articles.save(connection, first, at=newsroom.now)
        counts = []
        for _ in range(4):
            sending.send(newsroom.store, newsroom.post, newsroom.clock)
            counts.append(len(target.items))
            newsroom.now += dt.timedelta(hours=1)
    assert counts == [0, 0, 0, 1]
