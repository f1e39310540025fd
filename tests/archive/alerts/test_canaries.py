"""S1, S4: what leaves by webhook and chat tells no home's name, street, postcode or child, whatever was printed."""

import json
from collections import Counter

import pytest

from archive.alerts.post import Chat
from storage import assertions, orders
from storage.alerts import Channel
from storage.follows import Followed
from tests.archive.alerts.conftest import Newsroom
from tests.archive.alerts.receivers import receiving
from tests.archive.canaries import plant, told

FOLLOWED: tuple[tuple[Followed, str], ...] = (
    ("authority", "Bolton"),
    ("outlet", "Bolton Beacon"),
    ("search", "q=lantern"),
)


@pytest.mark.filterwarnings(
    "ignore:'imghdr' is deprecated"
)  # apprise loads it for pictures that we never send
def test_no_canary_leaves_by_webhook_or_chat(newsroom: Newsroom) -> None:
    with receiving() as hook, receiving() as room:
        newsroom.more["chats"] = {"newsdesk": Chat(url=f"json://127.0.0.1:{room.port}/")}
        channels: tuple[tuple[Channel, str], ...] = (
            ("webhook", newsroom.allow(hook.port)),
            ("chat", "newsdesk"),
        )
        newsroom.home()
        newsroom.world.article(outlet="Bolton Beacon")
        for what, target in FOLLOWED:
            for channel in channels:
                newsroom.alert(what, target, channel)
        newsroom.later(hours=1)
        held, ids = plant(newsroom.world, 16)
        with newsroom.store.writing() as connection:
            assertions.follow(connection, ids["article"], newsroom.now)
        newsroom.send()
        with newsroom.store.writing() as connection:
            for article in ids["article"][::4]:
                orders.restrict(connection, "article", article, reason="x", who="Ada", at=newsroom.now)
        for article in ids["article"][1::4]:
            newsroom.judge_away(article)
        newsroom.send()
    over = Counter(item["id"] for item in hook.items if item["event"] in ("withdrawn", "gone"))
    assert over.total() == len(over) >= 16, "whatever was taken back was taken back once"
    for target in (hook, room):
        bodies = [one.body.decode() + json.dumps(one.headers) for one in target.got]
        assert len(bodies) >= 2 * len(FOLLOWED), "each alert told something, and took something back"
        numbers = {one.uprn for one in held}  # planted where a report has its home's URN, which is no secret
        assert [word for body in bodies for word in told(body, held) if word not in numbers] == []
