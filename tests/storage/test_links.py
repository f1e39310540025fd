"""Links in the store: a rerun replaces the linker's own, keeps a person's, withdraws what no longer holds."""

import dataclasses
import datetime as dt

import pytest
import sqlalchemy as sa

from storage import articles, changes, links, models
from storage.records import Article, Evidence, Link
from storage.relinking import keep_grounds
from storage.schema import links as linking
from storage.schema import registers
from storage.store import Store

AT = dt.datetime(2024, 6, 3, 9, tzinfo=dt.UTC)
LATER = AT + dt.timedelta(days=1)
WHY = Evidence(
    clue="place", field="text", text="Bolton", start=10, end=16, value="Bolton", told="there", weight=6.5
)


@pytest.fixture
def article(store: Store) -> str:
    """A stored article, and two settings that it may be about."""
    with store.writing() as connection:
        for urn in ("1000001", "1000002"):
            connection.execute(
                sa.insert(registers.settings).values(
                    id=f"setting {urn}", regulator="ofsted", urn=urn, kind="children's home"
                )
            )
        kept = models.Kept(
            version="model 1", name="model", fitted_on="nothing", weights={}, calibration={}, scores={}
        )
        models.keep(connection, kept, made_at=AT)
        saved = articles.save(connection, Article(url="https://paper.example/a", text="A home."), at=AT)
    return saved.article_id


def a_decision(article: str, **more: object) -> Link:
    asserted = Link(
        article_id=article,
        version=1,
        mention=0,
        status="linked",
        level="setting",
        answer="asserted",
        probability=0.97,
        setting_id="setting 1000001",
        evidence=(WHY,),
    )
    return dataclasses.replace(asserted, **more)  # type: ignore[arg-type]


def save(store: Store, article: str, *made: Link, at: dt.datetime = AT) -> bool:
    with store.writing() as connection:
        return links.save(connection, article, 1, made, at=at, model_id="model 1")


def standing(store: Store, article: str) -> list[tuple[str, str | None]]:
    with store.reading() as connection:
        return [(link.status, link.setting_id) for link, _ in links.of_article(connection, article)]


def test_a_link_is_kept_with_its_evidence(store: Store, article: str) -> None:
    candidate = a_decision(article, status="candidate", answer=None, rank=1)
    assert save(store, article, a_decision(article), candidate)
    with store.reading() as connection:
        kept = links.of_article(connection, article)
    assert [(link.rank, evidence) for link, evidence in kept] == [(None, (WHY,)), (1, (WHY,))]


def test_the_same_again_writes_nothing(store: Store, article: str) -> None:
    save(store, article, a_decision(article))
    with store.reading() as connection:
        before = changes.last(connection)
    assert not save(store, article, a_decision(article), at=LATER)
    with store.reading() as connection:
        assert changes.last(connection) == before


def test_an_assertion_that_changes_is_withdrawn(store: Store, article: str) -> None:
    save(store, article, a_decision(article))
    save(store, article, a_decision(article, setting_id="setting 1000002"), at=LATER)
    assert sorted(standing(store, article)) == [
        ("linked", "setting 1000002"),
        ("withdrawn", "setting 1000001"),
    ]


def test_a_decision_that_said_nothing_is_simply_replaced(store: Store, article: str) -> None:
    save(
        store, article, a_decision(article, status="none", level="none", answer="too_little", setting_id=None)
    )
    save(store, article, a_decision(article), at=LATER)
    assert standing(store, article) == [("linked", "setting 1000001")]


def test_what_a_person_decided_stands(store: Store, article: str) -> None:
    save(store, article, a_decision(article, decided_by="reviewer", confirmed=True))
    assert not save(store, article, at=LATER)
    save(store, article, a_decision(article, setting_id="setting 1000002"), at=LATER)
    assert standing(store, article) == [("linked", "setting 1000001")]


def test_only_what_is_new_waits(store: Store, article: str) -> None:
    with store.reading() as connection:
        assert links.waiting(connection) == [article]
    save(store, article, a_decision(article))
    with store.writing() as connection:
        assert links.waiting(connection) == [article]  # nothing says yet what the decision turned on
        keep_grounds(connection, {article: {}})
        assert links.waiting(connection) == []
        assert links.waiting(connection, everything=True) == [article]
        links.unsettle(connection, [article])
        assert links.waiting(connection) == [article]
        keep_grounds(connection, {article: {}})
    with store.writing() as connection:
        articles.save(connection, Article(url="https://paper.example/a", text="Other words."), at=LATER)
    with store.reading() as connection:
        assert links.waiting(connection) == [article]


def test_every_change_is_noted(store: Store, article: str) -> None:
    save(store, article, a_decision(article))
    with store.reading() as connection:
        noted = {(row.what, row.id) for row in changes.since(connection, 0)}
        kept = connection.execute(sa.select(linking.links.c.id)).scalar_one()
    assert {("link", kept), ("article", article)} <= noted
