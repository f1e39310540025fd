"""A person who asks: where the name stands, that it goes from every file, and that it does not come back."""

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa

from storage import articles, audit, captures, follows, notes, people, reports, sealing
from storage.errors import UsageMistake
from storage.evidence import EvidenceFolder
from storage.records import Article, InspectionClaim, Report, Section, Sentence
from storage.schema.press import article_versions
from storage.search.indexer import open_indexer
from storage.store import Store
from storage.subjects import erasing, standing
from storage.subjects.names import digested, name_of, spans, without
from tests.archive.world import NOW, World
from tests.storage.test_orders import URL, crawled, holders

NAME = "Marlowe Quillfeather"
TEXT = f"The manager, {NAME}, left. Ms Quillfeather’s deputy stayed. " + "Nobody was awake at night. " * 50
ASKED = erasing.Request(reason="asked on 3 June", who="Ada Moss", at=NOW)
DAY = dt.date(2024, 3, 5)
WHOM = (name_of(NAME), name_of("Ms Quillfeather"))


def erased(store: Store, **more: Any) -> erasing.Erasure:
    with store.writing() as connection:
        made = erasing.erase(connection, WHOM, standing.standing(connection, WHOM), replace(ASKED, **more))
    assert sealing.finish(store)
    with open_indexer(store) as indexer:
        indexer.catch_up()
    return made


def everywhere(store: Store) -> tuple[str, str]:
    """The name in an article and its clues, a report and its parts, a note, a follow, and the index."""
    article = crawled(store, text=TEXT)
    world = World(store)
    setting = world.setting()
    report = world.report(setting, world.inspection(setting), text=f"{NAME} is registered.\n\nShe leads.")
    with store.writing() as connection:
        user = people.add_user(connection, "Ada Moss", "operator", at=NOW)
        notes.add(connection, user, "article", article, f"rang {NAME.upper()}", at=NOW)
        follows.follow(connection, user, "search", "q=marlowe+quillfeather", f'Search: "{NAME}"', at=NOW)
    with open_indexer(store) as indexer:
        indexer.catch_up()
    store.place.quotations.mkdir()
    (store.place.quotations / "texts").write_text(NAME)
    return article, report


@pytest.mark.parametrize(
    "text",
    [
        NAME,
        NAME.upper(),
        "Marlowe\nQuillfeather",
        "Marlowe\u00a0Quillfeather’s",
        "marlowe-quillfeather",
        "Marlówe Quillfeather",
        "q=Marlowe+Quillfeather",
        "Marlowe. Quillfeather",
    ],
)
def test_a_name_is_found_however_it_is_spelled_and_blacked_out_at_its_length(text: str) -> None:
    told = f"It was {text}; nobody else."
    made = without(told, WHOM)
    assert "uillfeather" not in made.lower()
    assert (len(made), made[:7], made[-14:]) == (len(told), told[:7], told[-14:])
    assert spans(told, [digested(WHOM[0])]) == spans(told, WHOM[:1]), "by its digest alone as well"


@pytest.mark.parametrize(
    "text", ["Marlowe", "Quillfeather", "Marlowe said that Quillfeather", "Quillfeathers"]
)
def test_other_people_and_other_words_are_left(text: str) -> None:
    assert without(text, WHOM) == text


def test_an_irish_and_an_accented_name_are_found() -> None:
    names = [name_of("Siobhán O’Dwyernan")]
    assert without("SIOBHAN ODWYERNAN and Siobhán O'Dwyernan", names).strip("█") == " and "


@pytest.mark.parametrize("text", ["", "Ash", "  ", "x " * 60])
def test_less_than_a_whole_name_is_refused(text: str) -> None:
    with pytest.raises(UsageMistake):
        name_of(text)


def test_a_name_is_told_item_by_item_with_what_stays_and_why(store: Store) -> None:
    article, report = everywhere(store)
    provider = World(store).provider(NAME, natural_person=True)
    with store.reading() as connection:
        found = standing.standing(connection, WHOM)
    told = {(one.place.item, one.about): one for one in found}
    assert {("article", article), ("report", report), ("provider", provider)} <= set(told)
    assert {item for item, _ in told} == {"article", "report", "provider", "note", "follow"}
    assert told["provider", provider].place.stays
    text = next(one for one in found if one.place.told == "text" and one.place.item == "article")
    assert (text.times, text.place.stays) == (2, None)
    assert text.context.startswith(f"The manager, {NAME}, left.")


def test_an_erased_name_stands_in_no_file_of_the_archive(store: Store) -> None:
    article, report = everywhere(store)
    assert len(holders(store, ["quillfeather"])) >= 4, (
        "the test can find it: database, index, words, evidence"
    )
    made = erased(store, seal=True)
    assert holders(store, ["quillfeather"]) == []
    assert {("article", article), ("report", report)} <= set(made.items)
    with store.reading() as connection:
        assert list(EvidenceFolder(store.place.evidence).verify(captures.each(connection))) == []
        (entry,) = audit.entries(connection, about=made.id)
        assert (entry.action, entry.reason, entry.details["sealed"]) == (
            "person erased",
            "asked on 3 June",
            1,
        )
        assert all(verdict.sound for verdict in audit.verify(connection).values())
        words = connection.scalars(sa.select(article_versions.c.text)).one()
    assert (len(words), "Nobody was awake" in words) == (len(TEXT), True), "nothing else of the text went"


def test_without_sealing_the_captured_page_stays_as_it_was_fetched(store: Store) -> None:
    everywhere(store)
    made = erased(store)
    assert made.sealed == ()
    assert all(name.endswith(".warc.gz") for name in holders(store, ["quillfeather"]))


def test_an_erased_name_does_not_come_back_with_another_fetch(store: Store) -> None:
    article, _ = everywhere(store)
    erased(store)
    again = Article(url=URL, text=TEXT, title="Tamsinworth Gables told to improve", byline="Rowan Ash")
    with store.writing() as connection:
        assert articles.save(connection, again, at=NOW).outcome == "unchanged"
        more = replace(again, text=f"{TEXT} {NAME} was asked.")
        assert articles.save(connection, more, at=NOW).outcome == "new version"
        other = replace(again, url="https://www.bolton-beacon.example/other")
        assert articles.save(connection, other, at=NOW).outcome == "new", "another story is another matter"
        found = standing.standing(connection, WHOM)
    assert article not in {one.about for one in found}


def test_an_erased_name_does_not_come_back_with_the_report_read_again(store: Store) -> None:
    text = f"{NAME} leads."
    report = Report(
        regulator="ofsted",
        urn="SC990011",
        framework="sccif",
        claim=InspectionClaim(urn="SC990011", kind="full", first_day=DAY, last_day=DAY),
        facts={"manager": NAME},
        text=text,
        pages=1,
        sections=(Section(heading="x", page=1, start=0, end=len(text)),),
        sentences=(Sentence(section=0, page=1, start=0, end=len(text), text=text),),
        requirements=(),
    )
    with store.writing() as connection:
        reports.save(connection, report, digest="d", at=NOW)
    erased(store)
    with store.writing() as connection:
        reports.save(connection, report, digest="d", at=NOW)
        assert standing.standing(connection, WHOM) == []


def test_what_is_kept_stays_and_is_named_in_the_log(store: Store) -> None:
    article, report = everywhere(store)
    made = erased(store, keep=frozenset({article}))
    with store.reading() as connection:
        assert {one.about for one in standing.standing(connection, WHOM)} == {article}
        (entry,) = audit.entries(connection, about=made.id)
    assert entry.details["kept"] == [article]
    assert ("report", report) in made.items


@pytest.mark.parametrize("reason", ["", " \n", f"{NAME} asked", "x" * 3_000])
def test_a_request_needs_a_reason_that_does_not_name_the_person(store: Store, reason: str) -> None:
    everywhere(store)
    with store.writing() as connection:
        found = standing.standing(connection, WHOM)
        with pytest.raises(UsageMistake):
            erasing.erase(connection, WHOM, found, replace(ASKED, reason=reason))
        assert (standing.standing(connection, WHOM), audit.entries(connection)) == (found, [])
