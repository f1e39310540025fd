"""Public feeds: closed at first, then composed lines and our own addresses, and never what tells a home."""

import re
from typing import Any

import feedparser
import httpx
import pytest

from archive.feeds.answering import FORMS
from archive.feeds.names import name_of
from archive.public import Opening
from storage import assertions, corrections, orders
from storage.dates import utc_now
from storage.ids import opaque_id
from storage.search.indexer import open_indexer
from storage.store import Store
from tests.archive.canaries import plant, told
from tests.archive.conftest import serving
from tests.archive.feed_rules import faults
from tests.archive.test_feeds import GONE
from tests.archive.test_public import OPEN, a_story, anybody
from tests.archive.world import World


def paths(setting: str, provider: str, authority: str) -> list[str]:
    """The three kinds of public feeds a story can be in, and the one of all."""
    return [
        f"/public/settings/{setting}.{{}}",
        f"/public/providers/{provider}.{{}}",
        f"/public.{{}}?authority={authority}",
        "/public.{}",
    ]


@pytest.mark.parametrize("opening", [OPEN, Opening(open=True, machine_links=True)], ids=["checked", "all"])
@pytest.mark.parametrize("alone", [False, True])
def test_no_canary_is_in_any_public_feed(store: Store, opening: Opening, *, alone: bool) -> None:
    held, ids = plant(World(store), 60, alone=alone)
    with store.writing() as connection:
        assertions.follow(connection, ids["article"], utc_now())
        for article in ids["article"][::5]:
            orders.restrict(connection, "article", article, reason="a court's", who="ruth", at=utc_now())
        for article in ids["article"][1::5]:
            corrections.report(connection, article, 0, said="No", at=utc_now(), suppress=True)
    with open_indexer(store):
        pass
    seen, name = 0, "story-"
    with serving(store, opening=opening) as served, anybody(served) as client:
        for setting, provider in zip(
            ids["setting"][::7], ids["provider"][::7] or ids["provider"], strict=False
        ):
            for path in paths(setting, provider, "Bolton"):
                for form in FORMS:
                    answer = client.get(path.format(form))
                    if answer.status_code == 404:
                        continue
                    seen += 1
                    assert told(answer.text, held) == [], path
                    assert faults(answer.content, form) == [], path
                    assert "bolton-beacon.example" not in answer.text
                    if alone and "/public." not in path:
                        assert name not in answer.text, "not even an end tells which home it was"
    assert seen > 20


def test_closed_there_is_no_public_feed(store: Store) -> None:
    with open_indexer(store):
        pass
    with serving(store) as served, anybody(served) as client:
        _, setting, provider = a_story(served)
        for path in paths(setting, provider, "Bolton"):
            assert client.get(path.format("atom")).status_code == 404


def test_a_public_feed_has_confirmed_lines_and_tells_their_end(store: Store) -> None:
    with open_indexer(store):
        pass
    with serving(store, opening=OPEN, base_url="https://record.example") as served, anybody(served) as client:
        article, setting, provider = a_story(served)
        unchecked, *_ = a_link(served, setting, provider, confirmed=False)
        name = name_of("https://record.example", "public", opaque_id("story", article), 0)
        all_ = paths(setting, provider, "Bolton")
        for path in all_:
            (entry,) = feedparser.parse(client.get(path.format("atom")).content).entries
            assert (entry.id, entry.link) == (name, f"https://record.example/public/stories/{article}/0")
            assert entry.title == "Children's home in Bolton, inadequate · Bolton Beacon · 19 April 2024"
            assert entry.summary == "Inspected 5 to 6 March 2024. Checked by a person."
            assert unchecked not in client.get(path.format("json")).text
        answer = client.get(all_[0].format("rss"))
        assert answer.headers["cache-control"] == "public, max-age=300"
        known = {"If-None-Match": answer.headers["etag"]}
        assert client.get(all_[0].format("rss"), headers=known).status_code == 304
        with store.writing() as connection:
            report = corrections.report(connection, article, 0, said="No", at=utc_now(), suppress=True)
            orders.restrict(connection, "article", unchecked, reason="a court's", who="ruth", at=utc_now())
        _ended(client, all_, name)
        with store.writing() as connection:
            corrections.suppress(connection, report or "", on=False, who="ruth", at=utc_now())
        assert len(feedparser.parse(client.get(all_[1].format("atom")).content).entries) == 1
        with store.writing() as connection:
            orders.take_down(connection, "article", article, reason="a court's", who="ruth", at=utc_now())
        _ended(client, all_, name)


def test_each_document_says_its_own_address(store: Store) -> None:
    """What is kept of one form is no other's: a reader that follows the address gets what it reads."""
    with open_indexer(store):
        pass
    with serving(store, opening=OPEN) as served, anybody(served) as client:
        _, setting, provider = a_story(served)
        for path in paths(setting, provider, "Bolton"):
            for form in FORMS:
                asked = path.format(form)
                body = client.get(asked).content
                own = re.search(rb'rel="self" href="([^"]+)"|"feed_url":"([^"]+)"', body)
                assert own, asked
                assert (own[1] or own[2]).decode() == f"{served.url}{asked}"


def a_link(served: Any, setting: str, provider: str, **more: Any) -> tuple[str, str]:
    """Another story on the home."""
    article = served.world.article()
    served.world.link(article, setting_id=setting, provider_id=provider, level="setting", **more)
    return article, setting


def _ended(client: httpx.Client, all_: list[str], name: str) -> None:
    """The entry is gone and said to be, and of what was never public nothing is said."""
    for path in all_:
        text = client.get(path.format("atom")).text
        assert feedparser.parse(text).entries == []
        assert GONE.findall(text) == [name], path


@pytest.mark.parametrize("path", ["settings/x", "providers/x"])
def test_what_is_not_there_has_no_feed(store: Store, path: str) -> None:
    with open_indexer(store):
        pass
    with serving(store, opening=OPEN) as served, anybody(served) as client:
        assert client.get(f"/public/{path}.atom").status_code == 404
        assert client.get("/public.atom?authority=Nowhere").status_code == 404
        person = served.world.provider("Ada Moss", natural_person=True)
        assert client.get(f"/public/providers/{person}.atom").status_code == 404
