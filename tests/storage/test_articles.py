"""Articles: one address, one article; other words, another version; nothing is lost or doubled."""

import dataclasses
import datetime as dt

import pytest
import sqlalchemy as sa

from storage import articles, changes
from storage.dates import PartialDate
from storage.errors import NotFound
from storage.records import Article
from storage.schema.press import article_versions
from storage.schema.press import articles as table
from storage.store import Store

AT = dt.datetime(2024, 3, 5, 9, 30, tzinfo=dt.UTC)
URL = "https://www.fenlandecho.example/news/home-rated-inadequate"


def an_article(**given: object) -> Article:
    usual: dict[str, object] = {"url": URL, "title": "Home rated inadequate", "text": "Inspectors called."}
    return Article(**(usual | given))  # type: ignore[arg-type]


def save(store: Store, article: Article, **origin: str) -> articles.Saved:
    with store.writing() as connection:
        return articles.save(connection, article, at=AT, **origin)  # type: ignore[arg-type]


def test_the_same_words_again_change_nothing(store: Store) -> None:
    first = save(store, an_article(published=PartialDate(2024, 3, 1)))
    with store.reading() as connection:
        seen = changes.last(connection)
    again = save(store, an_article(published=PartialDate(2024, 3, 1)))
    assert (first.outcome, first.version) == ("new", 1)
    assert again == articles.Saved(article_id=first.article_id, version=1, outcome="unchanged")
    with store.reading() as connection:
        assert changes.last(connection) == seen


@pytest.mark.parametrize("edit", [{"text": "Inspectors called twice."}, {"title": "Home in trouble"}])
def test_other_words_are_another_version_and_the_first_stays(store: Store, edit: dict[str, str]) -> None:
    save(store, an_article())
    saved = save(store, an_article(**edit))
    assert (saved.outcome, saved.version) == ("new version", 2)
    with store.reading() as connection:
        rows = connection.execute(sa.select(article_versions).order_by(article_versions.c.number)).all()
    assert [(row.title, row.text) for row in rows] == [
        ("Home rated inadequate", "Inspectors called."),
        (edit.get("title", "Home rated inadequate"), edit.get("text", "Inspectors called.")),
    ]


def test_a_text_that_is_taken_back_is_a_third_version(store: Store) -> None:
    for text in ("one", "two", "one"):
        saved = save(store, an_article(text=text))
    assert (saved.outcome, saved.version) == ("new version", 3)


def test_each_change_is_noted_for_those_who_follow(store: Store) -> None:
    saved = save(store, an_article())
    save(store, an_article(text="Other."))
    with store.reading() as connection:
        noted = [(row.what, row.id) for row in changes.since(connection, 0)]
    assert noted == [("article", saved.article_id)] * 2


@pytest.mark.parametrize("date", ["2022", "2022-08", "2022-08-03"])
def test_a_partial_date_is_kept_as_given(store: Store, date: str) -> None:
    saved = save(store, an_article(published=PartialDate.parse(date)))
    with store.reading() as connection:
        row = connection.execute(sa.select(table).where(table.c.id == saved.article_id)).one()
        version = articles.latest_version(connection, saved.article_id)
    assert (row.published, version.published) == (date, date)


def test_a_later_look_fills_in_what_was_missing_and_replaces_nothing(store: Store) -> None:
    save(store, an_article(byline="Tamsin Okoro"))
    later = an_article(byline="Someone Else", published=PartialDate(2024, 3), published_from="feed")
    saved = save(store, later)
    with store.reading() as connection:
        version = articles.latest_version(connection, saved.article_id)
        row = connection.execute(sa.select(table)).one()
    assert (version.number, version.byline, version.published, version.published_from) == (
        1,
        "Tamsin Okoro",
        "2024-03",
        "feed",
    )
    assert row.published == "2024-03"


def test_an_article_is_found_by_id_address_or_external_id(store: Store) -> None:
    saved = save(store, an_article(external_id="echo-17"))
    other = URL.upper().replace("HTTPS://WWW.FENLANDECHO.EXAMPLE", "http://www.fenlandecho.example")
    references = [saved.article_id, URL, f"{URL}/?utm_source=x#top", "echo-17"]
    with store.reading() as connection:
        assert {articles.find(connection, reference) for reference in references} == {saved.article_id}
        for unknown in ("echo-18", other, ""):
            with pytest.raises(NotFound, match="no article"):
                articles.find(connection, unknown)


def test_every_address_it_was_met_under_finds_it(store: Store) -> None:
    saved = save(store, an_article())
    with store.writing() as connection:
        articles.met_under(connection, saved.article_id, ["https://short.example/x1"])
    assert save(store, an_article(url="https://short.example/x1")).outcome == "unchanged"


def test_two_addresses_that_differ_in_a_telling_parameter_are_two(store: Store) -> None:
    one = save(store, an_article(url="https://paper.example/story?id=1"))
    two = save(store, an_article(url="https://paper.example/story?id=2"))
    assert one.article_id != two.article_id


def test_an_article_that_was_taken_down_keeps_its_text(store: Store) -> None:
    saved = save(store, an_article())
    for _ in range(2):
        with store.writing() as connection:
            articles.gone(connection, saved.article_id, at=AT, reason="410")
    with store.reading() as connection:
        row = connection.execute(sa.select(table)).one()
        assert (row.gone_at, row.gone_reason, row.latest_version) == (AT, "410", 1)
        assert changes.last(connection) == 2


def test_all_fields_of_a_version_are_kept(store: Store) -> None:
    article = an_article(
        byline="Tamsin Okoro, Local Democracy Reporter",
        outlet="Fenland Echo",
        published=PartialDate(2024, 3, 1),
        published_from="page",
        modified="2024-03-02",
        section="News",
        agency="LDRS",
        captions=("A council building",),
        extractor="test 1",
    )
    saved = save(store, article)
    with store.reading() as connection:
        version = articles.latest_version(connection, saved.article_id)._mapping
    expected = dataclasses.asdict(article) | {"published": "2024-03-01", "captions": ["A council building"]}
    for elsewhere in ("url", "outlet", "external_id"):
        del expected[elsewhere]
    assert {name: version[name] for name in expected} == expected
