"""Two thousand spellings of two hundred addresses are two hundred articles; edits and removals keep what was."""

import datetime as dt
import itertools
import os
from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

import sqlalchemy as sa

from storage import articles, captures
from storage.evidence import EvidenceFolder
from storage.records import Article
from storage.schema.press import article_urls, article_versions
from storage.schema.press import articles as table
from storage.store import Store
from tests.crawler.small_web import Answer, Site, serving
from tests.crawler.test_crawl import AT, ECHO, a_feed, a_story, run, versions
from tests.engines import Address

DOCUMENTS = 200
SPELLINGS = (
    "https://www.paper.example/news/{n}",
    "http://www.paper.example/news/{n}",
    "https://WWW.Paper.example/news/{n}",
    "https://www.paper.example:443/news/{n}",
    "https://www.paper.example/news/{n}/",
    "https://www.paper.example/news/{n}#comments",
    "https://www.paper.example/news/{n}?utm_source=rss&utm_medium=feed",
    "https://www.paper.example/news/{n}?fbclid=abc",
    "https://www.paper.example/news/./{n}",
    "https://www.paper.example/news/{n}?gclid=1&utm_campaign=x",
)


OTHERS = (
    *("story?id={n}&page=1", "story?id={n}&page=2"),
    *("story?id={n}1", "story?id={n}2", "story?{n}1", "story?{n}2", "story/{n}?1", "story/{n}?2"),
    *("story/{n}?id", "story/{n}?number", "story/{n}", "story/{n}?id=1", "story/{n}?id=2", "story/{n}?ID=1"),
)
"""Addresses that each are another document, though they differ in little."""


def test_two_thousand_spellings_are_two_hundred_articles_with_every_address_kept(store: Store) -> None:
    with store.writing() as connection:
        for number in range(DOCUMENTS):
            text = f"Inspectors called on home {number} twice."
            for url in (spelling.format(n=number) for spelling in SPELLINGS):
                articles.save(connection, Article(url=url, text=text), at=AT)
            for url in (f"https://www.paper.example/{other.format(n=number)}" for other in OTHERS):
                articles.save(connection, Article(url=url, text=f"{text} This is {url}."), at=AT)
        counted = [
            connection.execute(sa.select(sa.func.count()).select_from(one)).scalar()
            for one in (table, article_urls, article_versions)
        ]
        of = connection.execute(sa.select(article_urls.c.url, article_urls.c.article_id)).all()
    documents = DOCUMENTS * (1 + len(OTHERS))
    assert counted == [documents, DOCUMENTS * (len(SPELLINGS) + len(OTHERS)), documents]
    assert len({id_ for url, id_ in of if "/news/" in url.lower()}) == DOCUMENTS


EDITS = int(os.environ.get("ONRECORD_TEST_EDITS") or 20)
EDITED, GONE, SHUT = range(1, EDITS + 1), range(1001, EDITS // 2 + 1001), range(2001, EDITS // 2 + 2001)
HTML = {"Content-Type": "text/html"}
FURNITURE = (
    "<nav><a href='/'>News</a> <a href='/sport/'>Sport</a></nav><p>Try our front page, or search for it.</p>"
)
EXCUSE = (
    "<p>It may have moved, or the link that you followed may be out of date.</p><p>These stories were read most"
    " this week:</p><ul><li><a href='/8/'>Ferry is back after the storms</a></li><li><a href='/9/'>New roof for"
    " the market hall in March</a></li></ul>"
)
REMOVED: tuple[Answer, ...] = (
    (404, HTML, b""),
    (410, HTML, b""),
    (200, HTML, f"<title>Page not found</title>{FURNITURE}".encode()),
    (
        200,
        HTML,
        f"<title>Fenland Echo</title><h1>Sorry, this page could not be found</h1>{FURNITURE}".encode(),
    ),
    (200, HTML, f"<title>404 | Fenland Echo</title><h1>Oops</h1>{FURNITURE}".encode()),
    (200, HTML, f"<title>Echo</title><main><h1>Oops! We can't find that page</h1>{EXCUSE}</main>".encode()),
    (302, {"Location": "/"}, b""),
)
OFFER = (
    "<p>This story is for subscribers. Subscribe now from one pound a week to read all that our reporters"
    " write, and support local journalism where you live.</p><p>Already a subscriber? Log in to go on.</p>"
)
NOT_FREE = (
    '<script type="application/ld+json">{"@type": "NewsArticle", "isAccessibleForFree": false}</script>'
)


def shut(number: int) -> Iterator[Answer]:
    """The ways in which a paper shuts a story to all who do not pay."""
    title, heading = (
        f"<title>Story {number} - Fenland Echo</title>",
        f'<h1 class="entry-title">Story {number}</h1>',
    )
    begun = (
        "<p>Inspectors told the home to improve after a visit in January. Its owner said that it would.</p>"
    )
    said = (
        f"{title}{NOT_FREE}<article>{heading}<div class='entry-content'>{begun}</div></article>",
        f"{title}<article>{heading}<div class='entry-content'>{begun}</div>"
        f"<div class='c-paywall'>{OFFER}</div></article>",
        f"{title}<article>{heading}<div class='entry-content'>{begun}{OFFER}</div></article>",
        f"{title}<article>{heading}<div class='entry-content'>{OFFER}</div></article>",
        f"<title>Subscribe - Fenland Echo</title><main><h1>Subscribe to read on</h1>{OFFER}</main>",
    )
    for page in said:
        yield 200, HTML, page.encode()
    yield 402, HTML, OFFER.encode()
    yield 403, HTML, OFFER.encode()
    yield 302, {"Location": f"/subscribe/?to={number}"}, b""


def test_what_was_edited_taken_down_or_shut_is_still_there_as_it_was(archive: Address) -> None:
    numbers = [*EDITED, *GONE, *SHUT]
    first = {n: a_story(n, LONG) for n in numbers}
    second = {n: a_story(n, f"Home {n} has closed, its owner said on Friday. {LONG}") for n in EDITED}
    with serving(Site({"/feed/": a_feed(*numbers), **paths(first)})) as site:
        run(archive, site)
        site.pages |= {"/feed/": a_feed(*numbers, updated="2024-03-07T12:00:00Z"), **paths(second)}
        site.pages |= paths(dict(zip(GONE, itertools.cycle(REMOVED), strict=False)))
        ways = itertools.cycle(range(len([*shut(0)])))
        site.pages |= paths({n: [*shut(n)][way] for n, way in zip(SHUT, ways, strict=False)})
        site.pages |= {
            f"/subscribe/?to={n}": (200, HTML, f"<title>Join</title>{OFFER}".encode()) for n in SHUT
        }
        site.pages["/"] = b"<title>Fenland Echo</title><p>All the news of the fens, and nothing else.</p>"
        run(archive, site, at=AT + dt.timedelta(days=1), revisit=True)
    kept = {(urlsplit(url).path, number) for url, number, _ in versions(archive)}
    assert kept == {(f"/{n}/", 1) for n in numbers} | {(f"/{n}/", 2) for n in EDITED}
    with Store.at(archive) as store, store.reading() as connection:
        folder = EvidenceFolder(store.place.evidence)
        for n in numbers:
            article = articles.find(connection, f"{ECHO}/{n}/")
            sent = [first[n], second[n]] if n in EDITED else [first[n]]
            for number, body in enumerate(sent, 1):
                assert folder.read(captures.of_article(connection, article, number)) == body
        gone = connection.execute(sa.select(table.c.url).where(table.c.gone_at.is_not(None))).scalars()
        assert {int(url.split("/")[3]) for url in gone} == set(GONE)


LONG = "Inspectors told the home to improve after a visit in January. Its owner said that it would. " * 12


def paths(pages: Mapping[int, bytes | Answer]) -> dict[str, bytes | Answer]:
    """Where each story's page is."""
    return {f"/{n}/?utm_source=rss": page for n, page in pages.items()}
