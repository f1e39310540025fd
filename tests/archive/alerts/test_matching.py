"""What alerts tell: each story once, corrections once on every channel, and nothing for edits and relinks."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from storage import alerts, articles, orders
from storage.alerts import Alert
from storage.follows import Followed
from storage.records import Article
from storage.schema import press
from tests.archive.alerts.conftest import Home, Newsroom
from tests.archive.alerts.receivers import Postbox, Receiver, receiving


@pytest.fixture
def target(newsroom: Newsroom) -> Iterator[Receiver]:
    """A webhook's receiver that the newsroom may reach."""
    with receiving() as receiver:
        newsroom.allow(receiver.port)
        yield receiver


def hooked(newsroom: Newsroom, what: Followed, to: str, rhythm: alerts.Rhythm = "instant") -> Alert:
    """An alert that goes to the receiver."""
    return newsroom.alert(what, to, ("webhook", "http://hooks.example/news"), rhythm)


def events(target: Receiver) -> list[str]:
    return [item["event"] for item in target.items]


def test_thirty_copies_of_a_story_are_told_once(newsroom: Newsroom, target: Receiver) -> None:
    home = newsroom.home(provider=newsroom.world.provider())
    hooked(newsroom, "setting", home.setting)
    copies = [newsroom.world.article(outlet=f"Paper {n}") for n in range(30)]
    newsroom.world.story(copies)
    newsroom.link(home, *copies[:10])
    newsroom.send()
    newsroom.link(home, *copies[10:])
    newsroom.send()
    assert events(target) == ["linked"]
    assert target.items[0]["line"].startswith("Children's home in Bolton, inadequate · Paper ")


@pytest.mark.parametrize("what", ["setting", "provider", "group", "authority", "outlet", "search"])
def test_whatever_is_followed_is_told_of_and_the_rest_is_not(
    newsroom: Newsroom, target: Receiver, what: Followed
) -> None:
    ours = newsroom.home(provider=newsroom.world.provider(group_name="Larkspur Group"))
    provider = newsroom.world.provider("Other Care Limited")
    other = newsroom.home("SC2", provider=provider, local_authority="Bury")
    told, untold = newsroom.world.article(), newsroom.world.article(outlet="Bury Bugle")
    followed = {"setting": ours.setting, "provider": ours.provider, "group": "Larkspur Group"}
    followed |= {"authority": "Bolton", "outlet": "Bolton Beacon", "search": "q=home&authority=Bolton"}
    hooked(newsroom, what, followed[what] or "")
    newsroom.later(hours=1)
    newsroom.link(ours, told)
    newsroom.link(other, untold)
    newsroom.send()
    newsroom.send()
    assert [item["url"].split("/")[-1] for item in target.items] == [told]


def test_what_was_there_before_and_what_is_linked_or_edited_again_is_no_news(
    newsroom: Newsroom, target: Receiver
) -> None:
    home = newsroom.home(provider=newsroom.world.provider())
    old, new = newsroom.world.article(), newsroom.world.article()
    newsroom.link(home, old)
    hooked(newsroom, "setting", home.setting)
    hooked(newsroom, "search", "q=improve")
    newsroom.later(hours=1)
    newsroom.link(home, new)
    newsroom.send()
    first = len(target.items)
    assert first == 2, "the link to the setting, and that the search finds it linked"
    for article in (old, new):
        newsroom.relink(article, probability=0.99, model_id=None)
        newsroom.relink(article, confirmed=True)
        newsroom.relink(article, confirmed=False)
        with newsroom.store.writing() as connection:
            url = connection.execute(sa.select(press.articles.c.url).where(press.articles.c.id == article))
            text = "A children's home was told to improve at once."
            again = Article(url=url.scalar_one(), title="Edited", text=text, outlet="Bolton Beacon")
            assert articles.save(connection, again, at=newsroom.later(hours=1)).article_id == article
        newsroom.send()
    assert len(target.items) == first


def test_a_finer_link_is_no_correction_and_another_record_is_one(
    newsroom: Newsroom, target: Receiver
) -> None:
    home = newsroom.home(provider=newsroom.world.provider())
    other = newsroom.home("SC2", provider=home.provider)
    hooked(newsroom, "provider", home.provider or "")
    article = newsroom.world.article()
    newsroom.link(home, article, level="setting", inspection_id=None)
    newsroom.send()
    newsroom.relink(article, level="inspection", inspection_id=home.inspection)
    newsroom.send()
    assert events(target) == ["linked"]
    newsroom.relink(article, setting_id=other.setting, inspection_id=other.inspection)
    newsroom.send()
    newsroom.send()
    assert events(target) == ["linked", "corrected"]
    assert len({item["id"] for item in target.items}) == 1, "a correction names what it corrects"
    newsroom.relink(article, status="withdrawn", withdrawn_at=newsroom.now)
    newsroom.send()
    assert events(target) == ["linked", "corrected", "withdrawn"]


def test_a_link_made_wrong_sent_then_judged_away_every_channel_hears_exactly_once(
    newsroom: Newsroom, target: Receiver, postbox: Postbox
) -> None:
    home = newsroom.home(provider=newsroom.world.provider())
    copies = [newsroom.world.article() for _ in range(3)]
    newsroom.world.story(copies)
    hooked(newsroom, "setting", home.setting)
    newsroom.alert("provider", home.provider or "", ("email", "ada@paper.example"))
    newsroom.alert("authority", "Bolton", ("email", "bea@paper.example"), "daily")
    never = newsroom.alert("setting", home.setting, ("email", "cyd@paper.example"), "weekly")
    newsroom.link(home, *copies)
    newsroom.send()
    newsroom.later(days=1)
    newsroom.send()
    newsroom.judge_away(copies[1])
    for _ in range(3):
        newsroom.send()
        newsroom.later(days=1)
    newsroom.later(days=7)
    newsroom.send()
    assert events(target) == ["linked", "withdrawn"]
    mails = Counter((mail["To"], "WITHDRAWN" in mail.get_content()) for mail in postbox.got)
    assert mails == Counter(
        {(f"{who}@paper.example", corrects): 1 for who in ("ada", "bea") for corrects in (False, True)}
    )
    assert [one.state for one in newsroom.messages() if one.alert_id == never.id] == ["empty"]


@pytest.mark.parametrize("down", [False, True])
def test_of_a_restricted_item_no_more_is_told_than_that_it_is_withdrawn(
    newsroom: Newsroom, target: Receiver, postbox: Postbox, down: bool
) -> None:
    home = newsroom.home(provider=newsroom.world.provider())
    newsroom.later(hours=-1)
    hooked(newsroom, "setting", home.setting)
    newsroom.alert("search", "q=home")
    linked, unlinked = newsroom.world.article(), newsroom.world.article(title="A secret improvement")
    newsroom.link(home, linked)
    newsroom.send()
    assert (events(target), len(postbox.got)) == (["linked"], 2)
    for article in (linked, unlinked):
        with newsroom.store.writing() as connection:
            act = orders.take_down if down else orders.restrict
            act(connection, "article", article, reason="an order", who="Bea", at=newsroom.now)
    newsroom.send()
    newsroom.send()
    assert events(target) == ["linked", "gone"]
    assert linked not in str(target.items[1])
    assert len(postbox.got) == 4
    for mail in postbox.got[2:]:
        assert not any(word in mail.as_string() for word in (linked, unlinked, "secret", "Bolton"))


def test_what_came_and_went_before_anybody_looked_is_not_told(newsroom: Newsroom, target: Receiver) -> None:
    home = newsroom.home(provider=newsroom.world.provider())
    hooked(newsroom, "setting", home.setting)
    article = newsroom.world.article()
    newsroom.link(home, article)
    newsroom.judge_away(article)
    newsroom.send()
    assert target.items == []
    assert newsroom.messages() == []


def test_after_a_sleep_one_digest_comes_and_a_clock_that_jumps_makes_no_storm(
    newsroom: Newsroom, target: Receiver
) -> None:
    home = newsroom.home(provider=newsroom.world.provider())
    hooked(newsroom, "setting", home.setting, "daily")
    instant = hooked(newsroom, "authority", "Bolton")
    stories(newsroom, home, 12)
    newsroom.later(days=9)
    newsroom.send()
    (whole,) = [one for one in target.got if one.told["data"]["alert"] == instant.id]
    assert len(whole.items) == 12
    newsroom.later(days=1)
    newsroom.send()
    assert len(target.got) == 2
    for jump in (dt.timedelta(days=4_000), dt.timedelta(days=-8_000), dt.timedelta(days=4_000)):
        newsroom.now += jump
        newsroom.send()
    assert len(target.got) == 2
    stories(newsroom, home, 1)
    newsroom.send()
    newsroom.now -= dt.timedelta(days=3_000)
    newsroom.send()
    newsroom.later(days=1)
    newsroom.send()
    assert len(target.got) == 4, "a digest made by a clock that ran ahead is not kept for years"


def stories(newsroom: Newsroom, home: Home, count: int) -> None:
    """Link new stories to the home."""
    for _ in range(count):
        newsroom.link(home, newsroom.world.article())


def test_a_paused_alert_tells_in_one_message_what_came_meanwhile(
    newsroom: Newsroom, target: Receiver
) -> None:
    home = newsroom.home(provider=newsroom.world.provider())
    alert = hooked(newsroom, "setting", home.setting)
    with newsroom.store.writing() as connection:
        alerts.pause(connection, alert.id, at=newsroom.now)
    stories(newsroom, home, 7)
    newsroom.send()
    assert not target.got
    with newsroom.store.writing() as connection:
        alerts.resume(connection, alert.id)
    newsroom.send()
    assert [len(one.items) for one in target.got] == [7]


def test_a_search_that_cannot_run_any_more_is_kept_and_told_once(
    newsroom: Newsroom, target: Receiver
) -> None:
    alert = hooked(newsroom, "search", "q=home&sort=loudest")
    for _ in range(3):
        newsroom.world.article()
        newsroom.send()
    assert [one.told["type"] for one in target.got] == ["alert.notice"]
    with newsroom.store.reading() as connection:
        assert "loudest" in (alerts.get(connection, alert.id).fault or "")


def test_a_lead_tells_of_its_new_lines(newsroom: Newsroom, postbox: Postbox) -> None:
    from archive.alerts import leading  # noqa: PLC0415

    newsroom.home()
    alert = newsroom.alert("lead", "uncovered?within=all", title="Inspections nobody covered")
    with newsroom.store.writing() as connection:
        leading.begin(connection, alert, at=newsroom.now)
    newsroom.send()
    assert not postbox.got
    newsroom.home("SC2")
    newsroom.send()
    newsroom.world.article()
    newsroom.send()
    (mail,) = postbox.got
    assert "1 new line in “Inspections nobody covered”" in mail.get_content()


def test_a_new_report_is_told_to_who_follows_the_home(newsroom: Newsroom, target: Receiver) -> None:
    home = newsroom.home(provider=newsroom.world.provider())
    hooked(newsroom, "setting", home.setting)
    newsroom.world.report(home.setting, home.inspection)
    newsroom.send()
    newsroom.send()
    assert events(target) == ["report"]
    assert target.items[0]["line"] == "Children's home in Bolton (SC990011): full inspection, 5 March 2024"


def test_a_failing_target_is_told_to_the_operator_once(newsroom: Newsroom, postbox: Postbox) -> None:
    newsroom.more["operator"] = "ops@paper.example"
    home = newsroom.home(provider=newsroom.world.provider())
    newsroom.allow(9)
    alert = hooked(newsroom, "setting", home.setting)
    stories(newsroom, home, 2)
    for _ in range(8):
        newsroom.send()
        newsroom.later(minutes=40)
    (mail,) = postbox.got
    assert mail["To"] == "ops@paper.example"
    assert f"The alert {alert.id} (webhook) fails: the target cannot be reached" in mail.get_content()
