"""A simulated day, and three: one receiver is down, broken and slow by turns, another is well; the clock is handed in."""

import socket
from typing import Final

from archive.alerts.delivering import deliver
from tests.archive.alerts.conftest import Newsroom
from tests.archive.alerts.receivers import Receiver, receiving

ROUNDS: Final = 24  # of an hour
DOWN, BROKEN, SLOW = range(6), range(6, 11), range(11, 13)


def test_a_receiver_that_is_bad_for_a_day_gets_all_in_order_and_nothing_else_waits(
    newsroom: Newsroom,
) -> None:
    newsroom.more["patience"] = 2.0
    port = a_free_port()
    home = newsroom.home(provider=newsroom.world.provider())
    with receiving() as well:
        to = {"ill": newsroom.allow(port, "ill.example"), "well": newsroom.allow(well.port, "well.example")}
        for name in ("ill", "well"):
            newsroom.alert("setting", home.setting, ("webhook", to[name]))
        stories = []
        for number in DOWN:
            stories += a_round(newsroom, home)
            assert len(well.got) == number + 1
        with receiving(port) as ill:
            for number in range(len(DOWN), ROUNDS):
                ill.status = 500 if number in BROKEN else 200
                ill.delay = 2.5 if number in SLOW else 0.0
                stories += a_round(newsroom, home)
                assert len(well.got) == number + 1, "the other one is told in the same round"
            newsroom.later(hours=8)  # as long as the longest wait between two tries
            newsroom.send()
    assert firsts(well) == stories
    assert firsts(ill) == stories, "everything, in the order it happened"
    by_story = {(item["url"], one.id) for one in ill.got for item in one.items}
    assert len(by_story) == len(stories), "what came twice came under the same id"
    assert ill.times.total() < 2 * len(stories) + len(BROKEN)


def test_a_receiver_that_is_down_for_three_days_gets_everything_after_it(newsroom: Newsroom) -> None:
    port = a_free_port()
    alert = newsroom.alert(to=("webhook", newsroom.allow(port)))
    told = []
    for _ in range(3 * 24 // 4):
        told.append(newsroom.tell(alert, newsroom.world.article()))
        assert deliver(newsroom.store, newsroom.post, newsroom.clock).delivered == 0
        newsroom.later(hours=4)
    with receiving(port) as target:
        newsroom.later(hours=8)  # as long as the longest wait between two tries
        assert deliver(newsroom.store, newsroom.post, newsroom.clock).delivered == len(told)
    assert target.ids == told


def a_round(newsroom: Newsroom, home: object) -> list[str]:
    """An hour in which one story is linked."""
    article = newsroom.world.article()
    newsroom.link(home, article)  # type: ignore[arg-type]
    newsroom.send()
    newsroom.later(hours=1)
    return [article]


def firsts(target: Receiver) -> list[str]:
    """The stories in the order in which they first came."""
    return list(dict.fromkeys(item["url"].rpartition("/")[2] for item in target.items))


def a_free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
