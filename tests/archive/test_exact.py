"""A public feed that many ask for is worked out once, and anew the moment that anything changes."""

import pytest

from archive.feeds import public as feeds
from archive.pages import feeds as pages
from storage import changes, corrections, orders
from storage.dates import utc_now
from storage.store import Store
from tests.archive.conftest import serving
from tests.archive.test_public import OPEN, a_story, anybody


def test_it_is_made_once_until_the_archive_changes(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []

    def counted(*asked: object) -> object:
        made.append(str(asked[3]))
        return feeds.public_feed(*asked)  # type: ignore[arg-type]

    monkeypatch.setattr(pages, "public_feed", counted)
    with serving(store, opening=OPEN) as served, anybody(served) as client:
        article, *_ = a_story(served)
        first = client.get("/public.atom?authority=Bolton")
        assert "<entry>" in first.text
        for form in ("atom", "rss", "json") * 2:
            assert client.get(f"/public.{form}?authority=Bolton").status_code == 200
        assert made == ["Bolton"] * 3, "once a form, which says its own address"
        client.get("/public.atom")
        assert made == ["Bolton", "Bolton", "Bolton", ""]
        with store.writing() as connection:
            changes.note(connection, "place", ["import-1"], utc_now())
        assert client.get("/public.atom?authority=Bolton").text == first.text
        assert made == ["Bolton", "Bolton", "Bolton", "", "Bolton"]
        with store.writing() as connection:
            corrections.report(connection, article, 0, said="No", at=utc_now(), suppress=True)
        assert "<entry>" not in client.get("/public.atom?authority=Bolton").text


def test_what_an_order_holds_back_is_gone_at_once(store: Store) -> None:
    with serving(store, opening=OPEN) as served, anybody(served) as client:
        article, *_ = a_story(served)
        assert "<entry>" in client.get("/public.atom").text
        with store.writing() as connection:
            orders.restrict(connection, "article", article, reason="s39", who="ruth", at=utc_now())
        assert "<entry>" not in client.get("/public.atom").text
