"""Jobs that gather: articles, links, judgements, evidence, a crawl's commit, the index."""

import asyncio
import datetime as dt
import json
import logging
import random
import sys
import threading
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from crawler.harvest import Gathered, Harvest, Origin
from crawler.keeping import Keeper
from crawler.outcomes import Verdict
from storage import articles as stored
from storage import captures, frontier, runs, sources
from storage.evidence import EvidenceFolder
from storage.frontier import Entry, Found
from storage.records import Article, Source
from storage.schema.crawl import captures as captures_table
from storage.schema.links import judgements, links
from storage.schema.press import articles
from storage.search.comparing import differing
from storage.search.indexer import open_indexer
from storage.store import Store
from storage.warc import Exchange
from tests.faults.job import Job, acknowledge, archive_in, column, command
from tests.storage import judging as scene

NUMBERS = (1, 2, 3)
_AT = dt.datetime(2024, 3, 5, 9, 30, tzinfo=dt.UTC)
_PAGE = 30_000  # bytes, that cannot be compressed


# Articles from a file: all of it or nothing.


def _write_articles(folder: Path) -> None:
    lines = [
        {"url": f"https://paper.example/{n}", "title": f"Story {n}", "text": f"Text {n}."} for n in NUMBERS
    ]
    (folder / "articles.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))


def _import(folder: Path) -> None:
    command("import", "articles", str(folder / "articles.jsonl"), "--archive", str(archive_in(folder)))


def _urls(folder: Path) -> list[str]:
    return column(folder, sa.select(articles.c.url))


URLS = tuple(f"https://paper.example/{n}" for n in NUMBERS)


# Links, and a person's word on one.


def _write_scene(folder: Path) -> None:
    with Store.at(archive_in(folder), write=True) as store:
        scene.a_register(store)
        for n in NUMBERS:
            scene.an_article(store, str(n))


def _article_ids(store: Store) -> list[tuple[str, str]]:
    with store.reading() as connection:
        return [
            (row.id, row.outlet)
            for row in connection.execute(sa.select(articles).order_by(articles.c.outlet))
        ]


def _link(folder: Path) -> None:
    with Store.at(archive_in(folder), write=True) as store:
        for id_, name in _article_ids(store):
            scene.link(store, id_)
            acknowledge(name)


def _linked(folder: Path) -> list[str]:
    query = sa.select(articles.c.outlet).join(links, links.c.article_id == articles.c.id)
    return column(folder, query.where(links.c.status == "linked"))


def _write_linked(folder: Path) -> None:
    _write_scene(folder)
    with Store.at(archive_in(folder), write=True) as store:
        for id_, _ in _article_ids(store):
            scene.link(store, id_)


def _judge(folder: Path) -> None:
    done = len(_judged(folder))
    with Store.at(archive_in(folder), write=True) as store:
        first = _article_ids(store)[0][0]
        for hours in NUMBERS[done:]:
            record = f"i-{hours % 2 + 1}"
            acknowledge(scene.judge(store, first, "confirmed", hours, level="inspection", record=record))


def _judged(folder: Path) -> list[str]:
    return column(folder, sa.select(judgements.c.seq))


# Evidence: written, synced, indexed.


def _keep(folder: Path) -> None:
    known = set(_kept(folder))
    with Store.at(archive_in(folder), write=True) as store:
        evidence = EvidenceFolder(store.place.evidence)
        with store.reading() as connection:
            ends = captures.ends(connection)
        evidence.recover(ends)
        with evidence.writer(at=_AT) as writer:
            for n, url in zip(NUMBERS, URLS, strict=True):
                if url in known:
                    continue
                exchange = Exchange(
                    url=url, fetched_at=_AT, body=random.Random(n).randbytes(_PAGE), status=200
                )
                with writer.batch() as batch:
                    made = batch.keep(exchange)
                    batch.sync()
                    with store.writing() as connection:
                        captures.save(connection, [made])
                acknowledge(url)


def _kept(folder: Path) -> list[str]:
    return column(folder, sa.select(captures_table.c.url))


# A crawl's commit: evidence, articles, frontier and counts at once.


@dataclass(frozen=True, kw_only=True)
class _Page:
    article: Article

    def save(self, connection: sa.Connection, origin: Origin) -> bool:
        """As the crawler's own pages are kept."""
        kept = stored.save(connection, self.article, at=origin.at, capture_id=origin.capture_id)
        return kept.outcome != "unchanged"


def _crawl(folder: Path) -> None:
    logging.disable()
    with Store.at(archive_in(folder), write=True) as store:
        evidence = EvidenceFolder(store.place.evidence)
        with store.reading() as connection:
            evidence.recover(captures.ends(connection))
        with store.writing() as connection:
            sources.save(connection, Source(name="paper", kind="news", title="Paper"))
            frontier.begin_at(connection, "paper", [Found(url=url, kind="article") for url in URLS], at=_AT)
            run_id = runs.begin(connection, "crawl", "paper", at=_AT)
            frontier.give_back(connection, "paper")
            entries = frontier.claim(connection, "paper", run_id, limit=9, at=_AT)
        with evidence.writer(at=_AT) as writer:
            asyncio.run(_fetch(Keeper(store, writer), run_id, entries))


async def _fetch(keeper: Keeper, run_id: str, entries: list[Entry]) -> None:
    """Keep one page after another; each that the keeper answers for is acknowledged."""
    try:
        for entry in entries:
            text = f"Inspectors called at {entry.url} twice."
            exchange = Exchange(url=entry.url, fetched_at=_AT, body=text.encode(), status=200)
            page = _Page(article=Article(url=entry.url, text=text))
            harvest = Harvest(
                entry=entry,
                run_id=run_id,
                verdict=Verdict(outcome="done", reason=""),
                at=_AT,
                exchange=exchange,
                gathered=Gathered(keep=(page,)),
            )
            await keeper.keep(harvest)
            acknowledge(entry.url)
    finally:
        keeper.close()


# The search index, which follows the archive.


def _write_indexed(folder: Path) -> None:
    _write_articles(folder)
    with Store.at(archive_in(folder), write=True) as store:
        for n in NUMBERS:
            scene.an_article(store, str(n))


def _index(folder: Path) -> None:
    command("index", "--archive", str(archive_in(folder)))


def _indexed(folder: Path) -> list[str]:
    with Store.at(archive_in(folder)) as store:
        return ["everything"] if differing(store) == [] else []


class _Rounds(threading.Event):
    """Never set, and over after three waits."""

    left = 3

    def wait(self, timeout: float | None = None) -> bool:
        """Whether the rounds are over."""
        self.left -= 1
        return self.left < 0


def _follow(folder: Path) -> None:
    logging.disable()  # what it logs of a fault is no line of the command's
    with Store.at(archive_in(folder), write=True) as store, open_indexer(store) as indexer:
        scene.an_article(store, "late")
        indexer.follow(_Rounds(), every=0.0)
        if differing(store) != []:
            sys.exit("the index is behind the archive")


GATHERING = (
    Job(name="import articles", prepare=_write_articles, run=_import, held=_urls, everything=URLS),
    Job(name="links", prepare=_write_scene, run=_link, held=_linked, everything=("1", "2", "3")),
    Job(name="judgements", prepare=_write_linked, run=_judge, held=_judged, everything=("1", "2", "3")),
    Job(name="WARC append", prepare=lambda folder: None, run=_keep, held=_kept, everything=URLS),
    Job(name="crawl commit", prepare=lambda folder: None, run=_crawl, held=_urls, everything=URLS),
    Job(name="index", prepare=_write_indexed, run=_index, held=_indexed, everything=("everything",)),
    Job(
        name="index that follows",
        prepare=_write_indexed,
        run=_follow,
        held=_indexed,
        everything=("everything",),
    ),
)
