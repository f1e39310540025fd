"""Make the demo's archive: crawl its web, link, see what the papers changed, link again, index."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

from crawler.errors import CrawlFailed
from crawler.orders import Order, Summary
from crawler.run import crawl
from linker.run import link_articles
from onrecord import aliasfile
from onrecord.demo.frontmatter import WORLD, table
from onrecord.demo.server import Web
from storage import aliases, places, runs
from storage.dates import utc_now
from storage.errors import UsageMistake
from storage.places import Authority
from storage.schema.crawl import runs as run_table
from storage.schema.crawl import sources
from storage.schema.press import articles
from storage.schema.registers import imports
from storage.search.indexer import open_indexer
from storage.store import Store

MODULE: Final = "onrecord.demo.sources"
SOURCES: Final = (
    "example_reports",
    "example_tables",
    "marches_dispatch",
    "pennine_messenger",
    "wolds_estuary_gazette",
)
_NAMES: Final = WORLD / "names.toml"
PAGES: Final = 118  # addresses that the two crawls meet, for the progress bar


@dataclass(frozen=True, kw_only=True)
class Watcher:
    """Whom to tell: ``step`` as each begins, ``page`` as each page is done."""

    step: Callable[[str], None] = lambda what: None
    page: Callable[[], None] = lambda: None


def refuse_a_newsrooms(store: Store) -> None:
    """UsageMistake for an archive with anything in it that the demo did not put there."""
    with store.reading() as connection:
        known = set(connection.execute(sa.select(sources.c.id)).scalars())
        filled = any(connection.execute(sa.select(one.c.id).limit(1)).first() for one in (articles, imports))
    if known - set(SOURCES) or (filled and not known):
        raise UsageMistake(
            f"{store.place} holds a newsroom's own records; name another place for the demo with --archive"
        )


def is_made(store: Store) -> bool:
    """Whether the demo was made here to its end."""
    made = (run_table.c.kind == "demo") & (run_table.c.outcome == "done")
    with store.reading() as connection:
        return connection.execute(sa.select(run_table.c.id).where(made)).first() is not None


def make(store: Store, web: Web, watcher: Watcher) -> None:
    """Everything from the first fetch to the index; goes on where an earlier try was stopped."""
    with store.writing() as connection:
        run_id = runs.begin(connection, "demo", None, at=utc_now())
    web.edition = 2 if _saw_the_second_edition(store) else 1
    watcher.step("Crawling three papers and a regulator")
    _crawl(store, web, watcher)
    _name_owners(store)
    _code_authorities(store)
    watcher.step("Linking what was found")
    _link(store)
    web.edition = 2
    watcher.step("Crawling again, for what the papers changed")
    _crawl(store, web, watcher)
    watcher.step("Linking what changed")
    _link(store)
    watcher.step("Indexing")
    with open_indexer(store) as indexer:
        indexer.repair()
    with store.writing() as connection:
        runs.end(connection, run_id, "done", at=utc_now(), detail={})


def _crawl(store: Store, web: Web, watcher: Watcher) -> None:
    order = Order(
        archive=str(store.place.path or store.place.url),
        evidence=str(store.place.evidence),
        sources=SOURCES,
        at=utc_now(),
        hosts=web.addresses,
        modules=(MODULE,),
    )
    for summary in crawl(order, told=lambda source, outcome: watcher.page()):
        _check(summary)


def _check(summary: Summary) -> None:
    """The demo's own web has nothing that may fail; a source that did is a fault to be shown."""
    if summary.ending != "done" or summary.counts.failed:
        said = ", ".join(f"{number} {outcome}" for outcome, number in summary.outcomes.items())
        raise CrawlFailed(
            f"the demo's source {summary.source} ended {summary.ending}: {summary.reason or said}"
        )


def _name_owners(store: Store) -> None:
    """Give the owners the names and groups that no register holds, as a newsroom gives its own."""
    told = aliasfile.read(_NAMES.name, _NAMES.read_bytes())
    with store.writing() as connection:
        taken = aliases.replace_file(connection, told, origin=f"file {_NAMES.name}", at=utc_now())
    if taken.unknown:
        raise CrawlFailed(f"the demo's register lacks {taken.unknown[0]}")


def _code_authorities(store: Store) -> None:
    """Give the invented authorities codes, as a table of places does; they are invented too."""
    told = [
        Authority(code=one["code"], name=name, upper_code=one["code"], upper_name=name, region=one["region"])
        for name, one in table("places.toml").items()
    ]
    with store.writing() as connection:
        places.save_authorities(connection, told, import_id=None)


def _link(store: Store) -> None:
    for _ in link_articles(store, at=utc_now()):
        pass


def _saw_the_second_edition(store: Store) -> bool:
    """Whether an earlier try went that far; its changed page must not be taken back."""
    with store.reading() as connection:
        newer = sa.select(articles.c.id).where(articles.c.latest_version > 1)
        return connection.execute(newer).first() is not None
