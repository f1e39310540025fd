"""People's judgements as labels: the newest of a mention holds, an undone one is gone."""

import datetime as dt
from typing import Any

import pytest
import sqlalchemy as sa

from linker.labels import Label, Target, labels_of
from storage import articles, judgements
from storage.records import Article
from storage.schema import inspections, links, registers
from storage.store import Store

AT = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)


@pytest.fixture
def article(store: Store) -> str:
    """A stored article, and an inspected home with its provider."""
    with store.writing() as connection:
        provider = {"id": "p", "name": "Fernlea Hearths Ltd", "name_key": "fernlea hearths"}
        setting = {
            "id": "s",
            "regulator": "ofsted",
            "urn": "1",
            "kind": "children's home",
            "provider_id": "p",
        }
        inspection = {"id": "i", "setting_id": "s", "kind": "full", "first_day": dt.date(2024, 5, 14)}
        connection.execute(sa.insert(registers.providers).values(provider))
        connection.execute(sa.insert(registers.settings).values(setting))
        connection.execute(sa.insert(inspections.inspections).values(**inspection, disagreements=[]))
        saved = articles.save(connection, Article(url="https://paper.example/a", text="A home."), at=AT)
    return saved.article_id


def judge(store: Store, article: str, decision: str, **more: Any) -> list[Label]:
    """One more judgement, then the labels of all that stand."""
    with store.writing() as connection:
        row = {"article_id": article, "mention": 0, "decision": decision, "who": "a reviewer", "at": AT}
        connection.execute(
            sa.insert(links.judgements).values(**row | {"shown": {}, "previous_hash": "", "hash": ""} | more)
        )
        return labels_of(judgements.standing(connection))


def test_a_confirmed_inspection_is_a_label(store: Store, article: str) -> None:
    (label,) = judge(store, article, "confirmed", inspection_id="i")
    assert (label.id, label.level, label.names) == (article, "inspection", ("Fernlea Hearths Ltd",))
    assert label.links == (Target(urn="1", day=dt.date(2024, 5, 14)),)


def test_a_confirmed_home_or_provider_is_a_coarser_one(store: Store, article: str) -> None:
    (label,) = judge(store, article, "confirmed", setting_id="s")
    assert (label.level, label.links) == ("setting", (Target(urn="1"),))
    (label,) = judge(store, article, "confirmed", provider_id="p")
    assert (label.level, label.wanted) == ("provider", {"provider"})


def test_the_newest_judgement_holds_until_it_is_undone(store: Store, article: str) -> None:
    judge(store, article, "confirmed", inspection_id="i")
    (label,) = judge(store, article, "not_in_register")
    assert (label.level, label.answer) == ("none", "not_in_register")
    assert judge(store, article, "undone") == []


def test_a_link_rejected_alone_tells_nothing_of_what_is_right(store: Store, article: str) -> None:
    assert judge(store, article, "rejected", setting_id="s") == []


def test_not_about_a_setting_is_a_label_to_stay_silent(store: Store, article: str) -> None:
    (label,) = judge(store, article, "not_about_a_setting")
    assert (label.level, label.answer, label.wanted) == ("none", "not_about_a_setting", frozenset())
