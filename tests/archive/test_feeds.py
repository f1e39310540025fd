"""Feeds over HTTP for people who sign in: beside every page, by private addresses, with their history."""

import json
import re
from collections.abc import Iterator
from typing import Any

import feedparser
import httpx
import pytest
import sqlalchemy as sa

from archive.feeds.answering import FORMS
from archive.feeds.tellings import ARCHIVED
from storage import accounts, assertions, corrections, judgements, orders, people, stories, subscriptions
from storage.dates import utc_now
from storage.judgements import Judgement
from storage.schema.assertions import assertions as log
from storage.schema.press import articles
from storage.schema.work import orders as orders_table
from tests.archive.conftest import Served
from tests.archive.feed_rules import faults
from tests.archive.test_following import post
from tests.archive.world import NOW

GONE = re.compile(r'deleted-entry ref="([^"]+)"')


@pytest.fixture
def record(served: Served) -> dict[str, str]:
    """A home of a group's provider, its inspection, and one story linked to it."""
    world = served.world
    provider = world.provider(group_name="The Lark Group")
    setting = world.setting(provider=provider)
    inspection = world.inspection(setting, provider_id=provider)
    article = world.article(title="<i>Home</i> & \u202estaff told at BL3 4QX")
    ids = {"setting_id": setting, "inspection_id": inspection, "provider_id": provider}
    world.link(article, **ids)
    world.report(setting, inspection)
    return ids | {"article": article}


def documents(client: httpx.Client, path: str) -> Iterator[tuple[str, httpx.Response]]:
    """The feed in each format, found valid."""
    path, _, query = path.partition("?")
    for form in FORMS:
        answer = client.get(f"{path}.{form}?{query}".rstrip("?"))
        assert answer.status_code == 200, (path, answer.text[:300])
        assert faults(answer.content, form) == [], (path, form)
        yield form, answer


def atom(client: httpx.Client, path: str) -> Any:
    answer = client.get(path)
    assert answer.status_code == 200
    return feedparser.parse(answer.content)


def judge(served: Served, article: str, decision: str, **more: Any) -> None:
    with served.store.writing() as connection:
        told: dict[str, Any] = {"article_id": article, "mention": 0, "decision": decision, "who": "Ada Moss"}
        said = Judgement(**told | more, at=utc_now(), version=1, shown={})
        judgements.judge(connection, said)


def test_every_page_that_can_be_followed_leads_to_its_valid_feeds(
    served: Served, reader: httpx.Client, record: dict[str, str]
) -> None:
    served.index()
    paths = (
        f"/settings/{record['setting_id']}",
        f"/providers/{record['provider_id']}",
        "/groups/The%20Lark%20Group",
        "/authorities/Bolton",
        "/outlets/Bolton%20Beacon",
        "/search?q=home",
        "/leads/unrecorded?within=all",
        "/leads/uncovered",
    )
    for path in paths:
        page = reader.get(path).text
        found = re.findall(r'rel="alternate" type="application/\S+" href="([^"]+)"', page)
        assert len(found) == 3, path
        for address in found:
            assert page.count(f'href="{address}"') == 2, "once for programs, once to be seen"
            answer = reader.get(address.replace("&amp;", "&"))
            form = address.partition("?")[0].rpartition(".")[2]
            assert (answer.status_code, faults(answer.content, form)) == (200, []), address
            assert answer.headers["cache-control"] == "private, no-store"
        if "leads" not in path:
            assert b"told at" in answer.content, f"{path} has the story"
        assert b"BL3 4QX" not in answer.content
    with served.client(None) as nobody:
        assert nobody.get(f"{paths[0]}.atom").status_code == 303
    assert reader.get("/settings/nothing.atom").status_code == 404
    assert reader.get(f"{paths[0]}.atom?archive=1").status_code == 404
    assert reader.get(f"{paths[0]}.atom?archive=-1").status_code == 422


def test_a_feed_is_sent_once_and_changes_only_with_what_is_asserted(
    served: Served, reader: httpx.Client, record: dict[str, str]
) -> None:
    path = f"/settings/{record['setting_id']}.atom"
    first = reader.get(path)
    tag, moment = first.headers["etag"], first.headers["last-modified"]
    with (
        served.store.writing() as connection
    ):  # a relink that says the same; a report that hides it from the public alone
        assert assertions.follow(connection, [record["article"]], utc_now()) == 0
        corrections.report(connection, record["article"], 0, said="Not so", at=utc_now(), suppress=True)
    for known in (
        {"If-None-Match": tag},
        {"If-None-Match": f'"other", W/{tag}'},
        {"If-None-Match": "*"},
        {"If-Modified-Since": moment},
    ):
        again = reader.get(path, headers=known)
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag), known
    for other in ({"If-None-Match": '"other"', "If-Modified-Since": moment}, {"If-Modified-Since": "soon"}):
        assert reader.get(path, headers=other).status_code == 200
    judge(served, record["article"], "confirmed", level="inspection", record=record["inspection_id"])
    changed = reader.get(path, headers={"If-None-Match": tag, "If-Modified-Since": moment})
    before, after = (feedparser.parse(one.content).entries[0] for one in (first, changed))
    assert (before.id, before.published) == (after.id, after.published)
    assert before.updated < after.updated
    assert "confirmed by a person" in after.summary


def test_what_is_withdrawn_or_restricted_leaves_a_tombstone_and_no_word(
    served: Served, reader: httpx.Client, record: dict[str, str]
) -> None:
    paths = [f"/settings/{record['setting_id']}", "/authorities/Bolton", "/outlets/Bolton%20Beacon"]
    (name,) = {atom(reader, f"{path}.atom").entries[0].id for path in paths}
    with served.store.writing() as connection:
        order = orders.restrict(
            connection, "article", record["article"], reason="a court's", who="ruth", at=utc_now()
        )
    _gone(reader, paths, name)
    with served.store.writing() as connection:
        orders.lift(connection, order, reason="it ended", who="ruth", at=utc_now())
    assert [one.id for one in atom(reader, f"{paths[0]}.atom").entries] == [name]
    judge(served, record["article"], "none")
    _gone(reader, paths, name)
    with served.store.writing() as connection:
        orders.take_down(
            connection, "article", record["article"], reason="a court's", who="ruth", at=utc_now()
        )
        assert connection.execute(sa.select(orders_table.c.held)).scalars().all() == [None, None]
    _gone(reader, paths, name)


def _gone(reader: httpx.Client, paths: list[str], name: str) -> None:
    for path in paths:
        told = {form: answer.text for form, answer in documents(reader, path)}
        assert not any("told at" in text for text in told.values())
        assert GONE.findall(told["atom"]) == [name]
        assert [one["id"] for one in json.loads(told["json"])["_deleted"]["items"]] == [name]
        (item,) = feedparser.parse(told["rss"]).entries
        assert (item.id, item.title) == (name, "Withdrawn")


def test_a_syndicated_story_is_one_entry_until_no_copy_stands(
    served: Served, reader: httpx.Client, record: dict[str, str]
) -> None:
    path = f"/settings/{record['setting_id']}.atom"
    (before,) = atom(reader, path).entries
    copy = served.world.article(title="Copied <b>", outlet="Bury Bugle", url="https://bugle.example/1")
    ids = {name: record[name] for name in ("setting_id", "inspection_id", "provider_id")}
    with served.store.writing() as connection:
        later = sa.update(articles).where(articles.c.id == copy).values(first_seen=utc_now())
        connection.execute(later)
        stories.merge(connection, [record["article"], copy], who="ruth", at=utc_now())
        stories.regroup(connection, [copy], utc_now())
        both = sa.select(articles.c.story_id).where(articles.c.id.in_([copy, record["article"]])).distinct()
        assert connection.scalars(both).one() is not None
    served.world.link(copy, **ids)
    (after,) = atom(reader, path).entries
    assert (after.id, after.title, after.updated) == (before.id, before.title, before.updated)
    assert "Also in Bury Bugle" in after.summary
    with served.store.writing() as connection:
        orders.restrict(
            connection, "article", record["article"], reason="a court's", who="ruth", at=utc_now()
        )
    text = reader.get(path).text
    (left,) = feedparser.parse(text).entries
    assert (left.id, left.title) == (before.id, "Copied <b>")
    assert "Also in" not in text
    assert GONE.findall(text) == []
    with served.store.writing() as connection:
        orders.restrict(connection, "article", copy, reason="a court's", who="ruth", at=utc_now())
    assert GONE.findall(reader.get(path).text) == [before.id]


def many(served: Served, record: dict[str, str], count: int) -> None:
    """So many more articles linked to the home, written straight into the log."""
    with served.store.reading() as connection:
        (told,) = connection.execute(sa.select(log)).mappings()
    for _ in range(count):
        article = served.world.article()
        with served.store.writing() as connection:
            row = {name: value for name, value in told.items() if name != "seq"}
            connection.execute(sa.insert(log).values(**row | {"article_id": article}))


def test_archives_hold_everything_and_keep_their_members(
    served: Served, reader: httpx.Client, record: dict[str, str]
) -> None:
    many(served, record, 2 * ARCHIVED + 9)
    path = f"/settings/{record['setting_id']}.atom"
    archived = {number: _members(reader.get(f"{path}?archive={number}").text) for number in (1, 2)}
    assert [len(one) for one in archived.values()] == [ARCHIVED, ARCHIVED]
    assert reader.get(f"{path}?archive=3").status_code == 404
    current = reader.get(path).text
    everything = _members(current) | archived[1] | archived[2]
    assert len(everything) == 2 * ARCHIVED + 10, "nothing is between the feed and its archives"
    links = {one.rel: one.href for one in feedparser.parse(current).feed.links}
    assert links["prev-archive"].endswith("archive=2")
    second = reader.get(links["prev-archive"]).content
    assert faults(second, "atom") == []
    assert b"fh:archive" in second
    links = {one.rel: one.href for one in feedparser.parse(second).feed.links}
    assert links["current"] == f"{served.url}{path}"
    assert links["prev-archive"].endswith("archive=1")
    first = next(iter(atom(reader, f"{path}?archive=1").entries))
    with served.store.writing() as connection:
        orders.restrict(
            connection, "article", record["article"], reason="a court's", who="ruth", at=utc_now()
        )
    many_more = reader.get(path).text
    assert set(GONE.findall(many_more)) <= archived[1], "an old entry's end is told in the feed itself"
    assert len(GONE.findall(many_more)) == 1
    served.world.link(
        served.world.article(), **{name: record[name] for name in ("setting_id", "provider_id")}
    )
    assert {number: _members(reader.get(f"{path}?archive={number}").text) for number in (1, 2)} == archived
    assert first.id in archived[1]


def _members(text: str) -> set[str]:
    return {one.id for one in feedparser.parse(text).entries} | set(GONE.findall(text))


def test_a_search_is_paged_newest_first(served: Served, reader: httpx.Client) -> None:
    for number in range(53):
        served.world.article(f"Otters were seen, number {number}.", title=f"Otters {number}")
    served.index()
    first = atom(reader, "/search.atom?q=otters&sort=oldest")
    links = {one.rel: one.href for one in first.feed.links}
    assert (len(first.entries), links["last"]) == (50, links["next"])
    assert "previous" not in links
    second = reader.get(links["next"])
    assert faults(second.content, "atom") == []
    parsed = feedparser.parse(second.content)
    links = {one.rel: one.href for one in parsed.feed.links}
    assert (len(parsed.entries), links["previous"]) == (3, links["first"])
    assert "next" not in links
    assert not {one.id for one in first.entries} & {one.id for one in parsed.entries}
    assert reader.get("/search.atom?q=otters&page=3").status_code == 404
    assert json.loads(reader.get("/search.json?q=otters").content)["next_url"].endswith("page=2")
    assert reader.get('/search.atom?q="otters').status_code in (200, 422)


def test_the_words_of_a_source_that_shows_them_to_nobody_are_in_no_feed(
    served: Served, reader: httpx.Client, record: dict[str, str]
) -> None:
    served.index()
    with served.store.writing() as connection:
        told = "insert into sources (id, kind, title, shown_to) values ('x', 'news', 'X', 'nobody')"
        connection.execute(sa.text(told))
        connection.execute(sa.update(articles).values(source_id="x"))
    for path in (f"/settings/{record['setting_id']}", "/search?q=home"):
        for form, answer in documents(reader, path):
            assert "told at" not in answer.text, form
            assert "was told to improve" not in answer.text
            assert "Story · Bolton Beacon · 19 April 2024" in answer.text


def test_a_private_address_opens_one_feed_until_it_is_ended(
    served: Served, reader: httpx.Client, record: dict[str, str]
) -> None:
    setting = record["setting_id"]
    made = post(reader, "/feeds", what="setting", target=setting)
    (address,) = re.findall(r"<code>(\S+\.atom)</code>", made.text)
    assert len(address.rpartition("/")[2].removesuffix(".atom")) >= 43, "256 bits in base64"
    with served.client(None) as program:
        answer = program.get(address)
        assert (answer.status_code, faults(answer.content, "atom")) == (200, [])
        assert answer.headers["cache-control"] == "private, no-store"
        assert address in answer.text, "its own address"
        secret = address.rpartition("/")[2].removesuffix(".atom")
        assert program.get(f"/feeds/{secret}x.atom").status_code == 404
        for elsewhere in (f"/settings/{setting}.atom", "/api/v1/search?q=a", "/"):
            headers = {"Authorization": f"Bearer {secret}", "Cookie": f"onrecord-session={secret}"}
            assert program.get(elsewhere, headers=headers).status_code in (303, 401)
        page = reader.get("/following").text
        held = page.split('action="/feeds/end"')[1].split('name="id" value="')[1].split('"')[0]
        with served.client("operator") as other:
            assert post(other, "/feeds/end", id=held).status_code == 404, "another's"
            assert held in other.get("/operator/people").text
        assert post(reader, "/feeds/end", id=held).status_code == 303
        assert program.get(address).status_code == 404
    assert post(reader, "/feeds", what="setting", target="nothing").status_code == 404
    assert post(reader, "/feeds", what="child", target="x").status_code == 422
    assert post(reader, "/feeds", what="search", target="q=home&outlet=B").status_code == 200


def test_the_feeds_of_a_closed_account_stop(served: Served, record: dict[str, str]) -> None:
    with served.store.writing() as connection:
        user = people.add_user(connection, "Ada Moss", "reader", at=NOW)
        secret = subscriptions.subscribe(connection, user, "provider", record["provider_id"], at=NOW)
    with served.client(None) as program:
        assert program.get(f"/feeds/{secret}.json").status_code == 200
        with served.store.writing() as connection:
            people.disable(connection, "Ada Moss", at=NOW)
        assert program.get(f"/feeds/{secret}.json").status_code == 404
        with served.store.writing() as connection:
            accounts.reopen(connection, user)
        assert program.get(f"/feeds/{secret}.json").status_code == 404, "what was ended stays so"
