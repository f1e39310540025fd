"""Restriction and takedown: the item is nowhere, nothing of it can be counted, and what is erased is gone."""

import datetime as dt
import gzip
import re
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from dataclasses import asdict
from typing import Any

import pytest
import sqlalchemy as sa
from warcio.archiveiterator import ArchiveIterator

from storage import (
    articles,
    assertions,
    audit,
    captures,
    corrections,
    frontier,
    imports,
    links,
    notes,
    orders,
    people,
    sealing,
    sketches,
    stories,
)
from storage.errors import NotFound, UsageMistake
from storage.evidence import DamagedEvidence, EvidenceFolder
from storage.frontier import Found
from storage.imports import Import
from storage.records import SEALED, Article
from storage.schema import metadata
from storage.schema.crawl import captures as captures_table
from storage.schema.crawl import failures
from storage.schema.crawl import frontier as frontier_table
from storage.schema.links import link_evidence
from storage.schema.links import links as links_table
from storage.schema.naming import labels
from storage.schema.press import article_versions as version_table
from storage.schema.press import articles as article_table
from storage.schema.stories import story_facts
from storage.search.found import Search
from storage.search.indexer import open_indexer
from storage.search.searching import SearchIndex
from storage.store import Store
from storage.warc import Exchange
from tests.archive.world import NOW, World, a_clue

CANARY = "Tamsinworth Gables"
URL = "https://www.bolton-beacon.example/news/tamsinworth-gables-told-to-improve?id=7"
TEXT = f"Inspectors called at {CANARY} twice. " + "Nobody was awake at night, they wrote. " * 400


def crawled(store: Store, url: str = URL, text: str = TEXT) -> str:
    """An article as a crawl keeps it: bytes in a WARC between two others, its row, its way through the frontier."""
    with store.writing() as connection:
        World(store)  # nothing is made yet; the factories only need the store
        connection.execute(
            sa.text(
                "insert into sources (id, kind, title, shown_to) values ('beacon', 'news', 'B', 'newsroom')"
            )
        )
        found = Found(url=url, kind="article", hints={"title": f"{CANARY} told to improve"})
        frontier.add(connection, "beacon", [found], at=NOW)
    folder = EvidenceFolder(store.place.evidence)
    with folder.writer(at=NOW) as writer, writer.batch() as batch:
        bodies = {"https://paper.example/1": "before", url: text, "https://paper.example/2": "after"}
        kept = [
            batch.keep(Exchange(url=one, fetched_at=NOW, body=f"<p>{body}".encode(), status=200))
            for one, body in bodies.items()
        ]
        batch.sync()
        with store.writing() as connection:
            captures.save(connection, kept)
            article = Article(url=url, text=text, title=f"{CANARY} told to improve", byline="Rowan Ash")
            saved = articles.save(connection, article, at=NOW, capture_id=kept[1].id, source_id="beacon")
            articles.met_under(
                connection, saved.article_id, [f"{url}&utm_source=x", url.replace("www.", "m.")]
            )
    return saved.article_id


def linked(store: Store, article: str) -> World:
    world = World(store)
    setting = world.setting(provider=world.provider())
    inspection = world.inspection(setting)
    clue = a_clue("place", CANARY, TEXT, "the place agrees", 3.0)
    world.link(article, evidence=(clue,), inspection_id=inspection, setting_id=setting)
    with store.writing() as connection:
        fact = {"fact": "operator", "value": CANARY, "field": "text", "start": 0, "end": 3, "text": CANARY}
        connection.execute(sa.insert(story_facts).values(article_id=article, number=0, **fact))
    return world


def left_behind(store: Store, article: str) -> None:
    """What people and files leave beside an article: notes, corrections, labels, failures, file names."""
    with store.writing() as connection:
        user = people.add_user(connection, "Ada Moss", "operator", at=NOW)
        note = notes.add(connection, user, "article", article, f"{CANARY} rang back", at=NOW)
        notes.end(connection, note, user_id=user, is_operator=True, at=NOW)
        corrections.report(
            connection, article, 0, said=f"not {CANARY}", contact="tamsinworth@x.example", at=NOW
        )
        made = Import(
            kind="articles", file_name=f"{CANARY}.html", digest="d", learned_at=NOW, rows_read=1, rows_kept=1
        )
        imports.save(connection, made)
        connection.execute(sa.update(version_table).values(import_id=made.id))
        connection.execute(sa.update(article_table).values(external_id=CANARY))
        for named in (URL, CANARY, article):
            label = {"id": named, "level": "none"}
            connection.execute(sa.insert(labels).values(article=named, import_id=made.id, label=label))
        failed = {"id": "f", "what": URL, "outcome": "gone", "reason": f"404 for {URL}", "at": NOW}
        connection.execute(sa.insert(failures).values(**failed))


def restrict(store: Store, article: str, **more: Any) -> str:
    with store.writing() as connection:
        given = {"reason": "section 39 order", "who": "Ada Moss", "at": NOW} | more
        return orders.restrict(connection, "article", article, **given)


def take_down(store: Store, article: str) -> str:
    with store.writing() as connection:
        order, _ = orders.take_down(
            connection, "article", article, reason="asked by the family", who="Ada Moss", at=NOW
        )
    assert sealing.finish(store)
    return order


def everything(store: Store) -> dict[str, list[dict[str, Any]]]:
    """Every row but those of orders, logs, the sequence, and what a server notes of each commit."""
    ours = {
        "orders",
        "audit",
        "changes",
        "assertions",
        "link_grounds",
        "story_sketches",
        "story_facts",
        "commits",
    }
    with store.reading() as connection:
        return {
            table.name: sorted(
                (dict(row) for row in connection.execute(sa.select(table)).mappings()), key=str
            )
            for table in metadata.sorted_tables
            if table.name not in ours
        }


def held_in(store: Store) -> Iterable[tuple[str, bytes]]:
    """Each file of the archive: the database with its log, the index, the evidence; of a server, its tables."""
    for path in store.place.index.parent.rglob("*"):
        if path.is_file():
            yield path.name, path.read_bytes()
    if store.place.path is None:
        with store.reading() as connection:
            for table in metadata.tables:
                rows = connection.exec_driver_sql(f"select whole::text from {table} whole").scalars()
                yield table, "\n".join(rows).encode()


def readable(content: bytes) -> bytes:
    """The bytes, and what gzip members in them hold."""
    try:
        return content + gzip.decompress(content)
    except (OSError, EOFError):
        return content


def holders(store: Store, words: Iterable[str]) -> list[str]:
    """Files that hold one of the words, in whatever encoding text is kept in."""
    sought = re.compile(
        b"|".join(re.escape(form) for word in words for form in (word.encode(), word.encode("utf-16-le"))),
        re.IGNORECASE,
    )
    return [name for name, content in held_in(store) if sought.search(readable(content))]


def test_a_restricted_article_is_found_by_nobody_and_links_to_nothing(store: Store) -> None:
    article = crawled(store)
    linked(store, article)
    order = restrict(store, article, until=dt.date(2024, 6, 20))
    with store.reading() as connection:
        for reference in (article, URL, f"{URL}&utm_source=x"):
            with pytest.raises(NotFound):
                articles.find(connection, reference)
            assert articles.find(connection, reference, sealed=True) == article
        for table in (links_table, link_evidence, story_facts):
            assert connection.execute(sa.select(table)).all() == [], table
        assert links.waiting(connection, everything=True) == []
        assert sketches.stale(connection) == []
        told = orders.get(connection, order)
        (entry,) = audit.entries(connection)
    assert (told.kind, told.reason, told.made_by) == ("restricted", "section 39 order", "Ada Moss")
    assert told.is_due(dt.date(2024, 6, 6))
    assert not told.is_due(dt.date(2024, 6, 5))
    assert (entry.action, entry.about, entry.reason) == ("restricted", article, "section 39 order")


def test_lifting_puts_everything_back_as_it_was(store: Store) -> None:
    article = crawled(store)
    linked(store, article)
    before = everything(store)
    order = restrict(store, article)
    assert everything(store) != before
    with store.writing() as connection:
        orders.lift(connection, order, reason="the order ended", who="Ada Moss", at=NOW)
    assert everything(store) == before
    with store.reading() as connection:
        assert [entry.action for entry in audit.entries(connection)] == ["lifted", "restricted"]
        told = [one.event for one in assertions.of_article(connection, article)]
        assert told == ["asserted", "restricted", "restored"]
        assert sketches.stale(connection) == [article], "it is compared with others anew"
        assert orders.get(connection, order).lifted_by == "Ada Moss"
    with store.writing() as connection, pytest.raises(UsageMistake):
        orders.lift(connection, order, reason="again", who="Ada Moss", at=NOW)


def test_an_item_under_two_orders_comes_back_when_both_are_lifted(store: Store) -> None:
    article = crawled(store)
    linked(store, article)
    before = everything(store)
    first, second = restrict(store, article), restrict(store, article, reason="another court")
    for order, restricted in ((first, True), (second, False)):
        with store.writing() as connection:
            orders.lift(connection, order, reason="ended", who="Ada Moss", at=NOW)
            query = sa.select(article_table.c.restriction)
            assert bool(connection.execute(query).scalar()) == restricted
    assert everything(store) == before


def test_the_linker_cannot_bring_a_restricted_article_back(store: Store) -> None:
    article = crawled(store)
    restrict(store, article)
    with store.writing() as connection:
        assert not links.save(connection, article, 1, [], at=NOW)
        connection.execute(sa.text("delete from story_pairs"))
        stories.regroup(connection, [article], NOW)
        assert connection.execute(sa.select(article_table.c.story_id)).scalar() is None


def test_the_other_copy_of_a_story_does_not_tell_that_there_was_one(store: Store) -> None:
    article = crawled(store)
    other = World(store).article(text=TEXT)
    with store.writing() as connection:
        stories.merge(connection, [article, other], who="Ada Moss", at=NOW)
        assert connection.execute(sa.select(article_table.c.story_id)).scalars().all()[0]
    restrict(store, article)
    with store.reading() as connection:
        assert stories.copies(connection, [other]) == {other: [other]}
        assert stories.differences(connection, other) == {}
    with store.writing() as connection:
        stories.regroup(connection, [other], NOW)
        assert stories.copies(connection, [other]) == {other: [other]}, "nor after it is grouped anew"


def test_a_takedown_leaves_no_byte_in_any_file_of_the_archive(store: Store) -> None:
    article = crawled(store)
    linked(store, article)
    left_behind(store, article)
    sought = (CANARY, "tamsinworth", "awake at night", "Rowan Ash")
    with open_indexer(store) as indexer:
        indexer.catch_up()
    assert len(holders(store, sought)) >= 3, "the test can find it: database, index, evidence"
    take_down(store, article)
    with open_indexer(store) as indexer:
        assert indexer.catch_up().rebuilt
    if store.place.path:
        backup = store.place.path.with_suffix(".backup")
        with closing(sqlite3.connect(backup)) as copy, closing(sqlite3.connect(store.place.path)) as original:
            original.backup(copy)
    assert holders(store, sought) == [], "nor in the backup"
    assert SearchIndex(store.place.index).search(Search(query="awake")).total == 0
    with store.reading() as connection:
        assert [entry.action for entry in audit.entries(connection)] == ["taken down"]
        assert all(verdict.sound for verdict in audit.verify(connection).values())
        row = connection.execute(sa.select(article_table)).one()
        assert (row.id, row.restriction) == (article, "taken down"), "the tombstone"


def test_after_a_takedown_the_evidence_still_verifies_and_its_neighbours_are_whole(store: Store) -> None:
    article = crawled(store)
    take_down(store, article)
    folder = EvidenceFolder(store.place.evidence)
    with store.reading() as connection:
        held = list(captures.each(connection))
        assert list(folder.verify(iter(held))) == []
    assert [capture.record_type for capture in held] == ["response", SEALED, "response"]
    assert [folder.read(held[0]), folder.read(held[2])] == [b"<p>before", b"<p>after"]
    with pytest.raises(DamagedEvidence):
        folder.read(held[1])
    (path,) = folder.path.glob("*.warc.gz")
    with path.open("rb") as file:
        assert [record.rec_type for record in ArchiveIterator(file)] == ["response", "metadata", "response"]


def test_sealing_that_was_interrupted_is_finished_by_the_next(store: Store) -> None:
    article = crawled(store)
    with store.writing() as connection:
        _, taken = orders.take_down(connection, "article", article, reason="x", who="Ada Moss", at=NOW)
    folder = EvidenceFolder(store.place.evidence)
    (path,) = folder.path.glob("*.warc.gz")
    (capture,) = taken
    half = sealing.record(capture.id, capture.length)[: capture.length // 2]
    with path.open("r+b") as file:
        file.seek(capture.offset)
        file.write(half)
    with store.reading() as connection:
        assert len(list(folder.verify(captures.each(connection)))) == 1, "it shows until it is finished"
    assert sealing.finish(store)
    with store.reading() as connection:
        assert list(folder.verify(captures.each(connection))) == []


@pytest.mark.parametrize("length", [20, 21, 60, 179, 180, 181, 400, 1_203, 1_204, 70_000, 1_000_003])
def test_a_sealed_record_has_the_length_of_what_stood_there(length: int) -> None:
    made = sealing.record("capture-1", length)
    assert len(made) == length
    assert made == sealing.record("capture-1", length)
    if length > 20:
        gzip.decompress(made)


def test_what_was_taken_down_is_not_fetched_or_kept_again_until_lifted(store: Store) -> None:
    article = crawled(store)
    order = take_down(store, article)
    again = Article(url=f"{URL}&utm_medium=feed", text=TEXT, title=CANARY)
    with store.writing() as connection:
        assert articles.save(connection, again, at=NOW).outcome == "barred"
        assert frontier.add(connection, "beacon", [Found(url=again.url, kind="article")], at=NOW) == 0
        frontier.reconsider(connection, "beacon", except_for="none", at=NOW)
        assert frontier.claim(connection, "beacon", "run", limit=9, at=NOW + dt.timedelta(days=900)) == []
        assert "tamsinworth" not in str(connection.execute(sa.select(frontier_table)).all()).lower()
        orders.lift(connection, order, reason="by mistake", who="Ada Moss", at=NOW)
        saved = articles.save(connection, again, at=NOW)
        assert asdict(saved) == {"article_id": article, "version": 2, "outcome": "new version"}
        row = connection.execute(sa.select(article_table)).one()
        assert (row.url, row.restriction) == (again.url, None)


def test_a_report_is_restricted_and_taken_down_likewise(store: Store) -> None:
    world = World(store)
    setting = world.setting()
    report = world.report(setting, world.inspection(setting), text=f"{CANARY}\n\nwas visited", url=URL)
    with open_indexer(store) as indexer:
        indexer.catch_up()
    with store.writing() as connection:
        assert orders.find(connection, URL) == ("report", report)
        orders.restrict(connection, "report", report, reason="asked", who="Ada Moss", at=NOW)
    with open_indexer(store) as indexer:
        indexer.catch_up()
        assert indexer.size == 0
    store.place.quotations.mkdir()
    (store.place.quotations / "texts").write_text(CANARY)
    with store.writing() as connection:
        orders.take_down(connection, "report", report, reason="asked", who="Ada Moss", at=NOW)
    assert sealing.finish(store)
    with open_indexer(store) as indexer:
        indexer.catch_up()
    assert holders(store, [CANARY, "tamsinworth"]) == []


@pytest.mark.parametrize("reason", ["", "  \n", "x" * 3_000])
def test_an_order_needs_a_reason_and_changes_nothing_without(store: Store, reason: str) -> None:
    article = crawled(store)
    before = everything(store)
    with pytest.raises(UsageMistake):
        restrict(store, article, reason=reason)
    with pytest.raises(UsageMistake):
        restrict(store, article, until=dt.date(2020, 1, 1))
    assert everything(store) == before
    with store.reading() as connection:
        assert (orders.listed(connection), audit.entries(connection)) == ([], [])
        assert connection.execute(sa.select(captures_table.c.record_type)).scalars().all() == ["response"] * 3
