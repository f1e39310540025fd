"""One invented world, made on SQLite and on PostgreSQL, gives the same records, links, exports, hits and orders."""

import datetime as dt
import hashlib
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
import sqlalchemy as sa

from archive.export.exporting import Asked, export_to
from archive.export.tables import TABLES
from archive.export.tables.public import PUBLIC
from archive.public import Opening
from linker import run
from storage import judgements, orders
from storage.judgements import Judgement
from storage.schema import metadata
from storage.search.found import SORTS, Search
from storage.search.indexer import open_indexer
from storage.search.searching import SearchIndex
from storage.store import Store
from tests.archive.export.reading_back import rows
from tests.linker.invented_copies import a_story
from tests.linker.stored_world import AT, a_home, a_register, decisions, report, save, told

pytestmark = pytest.mark.postgres
OWNER: Final = "Organisation which owns the provider"
OWNERS: Final = (
    "de la Rue Care",
    "Écrin Homes",
    "ZEBRA Care Ltd",
    "Zebra-Care 2",
    "apple tree homes",
    "_Ash_",
)
"""Names that each collation puts in another order."""
QUERIES: Final = (
    *("", "home", "inspectors OR spokesman", '"be named"', "care -worker", "linked:yes", "linked:no"),
    *("kind:report", "outlet:paper3.example", "judgement:good", "before:2023-02", "écrin", "ZEBRA"),
)
EXACT: Final = ("csv", "jsonl", "parquet")
"""Formats of which every byte is decided by the rows; the others say when they were made."""


def filled(store: Store) -> None:
    """A register, its inspections and reports, stories and copies of them, links, two judgements and an order."""
    homes = [a_home(number) for number in range(1, 31)]
    for number, name in enumerate(OWNERS):
        homes[number * 3][OWNER] = name
    a_register(store, homes)
    dice = random.Random(5)
    for number, home in enumerate(homes, 1):
        own = " ".join(a_story(dice, 3))
        text = f"{told(home).split(' Inspectors wrote')[0]} {own}"
        published = f"2023-{number % 4 + 1:02}-{number % 27 + 1:02}" if number % 5 else None
        made = save(store, f"paper{number}", text, published=published, title=f"{home[OWNER]} is told off")
        if number % 6 == 0:
            save(store, f"copy{number}", text, published=published, title=f"{home[OWNER]} is told off")
    for number in range(4):
        report(store, number, f"Report {number}: inspectors found that every child feels at ease. Écrin.")
    link(store, 0)
    row = the_first(store)
    with store.writing() as connection:
        said = Judgement(
            article_id=row.article_id,
            mention=0,
            decision="confirmed",
            who="Ada Moss",
            at=AT + dt.timedelta(hours=1),
            version=1,
            shown={"order": ["b", "a"]},
            level="setting",
            record=row.setting_id,
        )
        judgements.judge(connection, said)
        orders.restrict(connection, "article", made, reason="section 39", who="Ada Moss", at=AT)
    save(store, "paper2", f"{told(homes[1])} It was said again.", published="2023-03-05")  # another version
    link(store, 2)
    with open_indexer(store) as indexer:
        indexer.catch_up()


def link(store: Store, hours: int) -> None:
    for _ in run.link_articles(store, at=AT + dt.timedelta(hours=hours)):
        pass


def the_first(store: Store) -> sa.Row[Any]:
    """The decision on a setting that has the first id."""
    links = metadata.tables["links"]
    wanted = links.c.rank.is_(None) & links.c.setting_id.is_not(None) & (links.c.status == "linked")
    with store.reading() as connection:
        return connection.execute(sa.select(links).where(wanted).order_by(links.c.id)).first()


def records(store: Store) -> Iterator[tuple[str, list[Any]]]:
    """Every row of every table but of orders, their log, and a server's commits: their ids are drawn by lot."""
    with store.reading() as connection:
        for table in metadata.sorted_tables:
            if table.name not in ("orders", "audit", "commits"):
                rows = connection.execute(sa.select(table))
                yield table.name, sorted(repr([plain(value) for value in row]) for row in rows)


def plain(value: object) -> object:
    """A moment without its zone's name, of which each driver has its own."""
    return value.astimezone(dt.UTC).isoformat() if isinstance(value, dt.datetime) else value


def exports(store: Store, folder: Path) -> Iterator[tuple[str, Any]]:
    """Every table in every format, row after row in its order."""
    openings = {"whole": (TABLES, None), "public": (PUBLIC, Opening(open=True, machine_links=True))}
    for kind, (tables, opening) in openings.items():
        for what in tables:
            for form in EXACT:
                path = folder / f"{what}.{form}"
                done = export_to(store, Asked(what=what, form=form, opening=opening), path)
                digest = hashlib.sha256(path.read_bytes()).hexdigest()
                yield f"{kind} {what}.{form}", (done.rows, done.refused, digest)
            for form in ("sqlite", "datapackage"):
                yield f"{kind} {what}.{form}", rows(store, folder, what, form, opening=opening)


def hits(store: Store) -> Iterator[tuple[str, Any]]:
    """What each query finds, in each order, with its counts."""
    index = SearchIndex(store.place.index)
    for query in QUERIES:
        for sort in SORTS:
            found = index.search(Search(query=query, sort=sort, size=100, fold=sort == "newest"))
            listed = [(hit.kind, hit.id) for hit in found.hits]
            yield f"{query!r} {sort}", (found.total, found.pages, listed, found.facets, found.months)


def everything(store: Store, folder: Path) -> dict[str, Any]:
    filled(store)
    folder.mkdir()
    held = {f"table {name}": found for name, found in records(store)}
    held |= {f"export {name}": found for name, found in exports(store, folder)}
    held |= {f"hits {name}": found for name, found in hits(store)}
    return held | {"decisions": decisions(store)}


def test_one_world_is_the_same_on_both(
    postgres: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with Store.at(tmp_path / "archive.db", write=True) as store:
        on_sqlite = everything(store, tmp_path / "sqlite")
    with Store.at(postgres, write=True) as store:
        on_postgres = everything(store, tmp_path / "postgres")
    answers = {answer for _, answer, *_ in on_sqlite["decisions"].values()}
    assert "asserted" in answers
    assert len(on_sqlite["table links"]) > 30
    assert len(on_sqlite["table judgements"]) == 1
    assert on_sqlite.keys() == on_postgres.keys()
    differing = {name for name in on_sqlite if on_sqlite[name] != on_postgres[name]}
    assert {name: (on_sqlite[name], on_postgres[name]) for name in differing} == {}
