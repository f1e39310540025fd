"""Two thousand spellings of two hundred addresses are two hundred articles; edits and removals keep what was."""

import datetime as dt
from pathlib import Path

import sqlalchemy as sa

from storage import articles, captures
from storage.evidence import EvidenceFolder
from storage.records import Article
from storage.schema.press import article_urls
from storage.schema.press import articles as table
from storage.store import Store
from tests.crawler.small_web import Site, serving
from tests.crawler.test_crawl import AT, ECHO, a_feed, a_story, run, versions

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


def test_two_thousand_spellings_are_two_hundred_articles_with_every_address_kept(store: Store) -> None:
    with store.writing() as connection:
        for number in range(DOCUMENTS):
            text = f"Inspectors called on home {number} twice."
            for spelling in SPELLINGS:
                articles.save(connection, Article(url=spelling.format(n=number), text=text), at=AT)
            for page in (1, 2):  # other documents, whatever they look like
                url = f"https://www.paper.example/story?id={number}&page={page}"
                articles.save(connection, Article(url=url, text=f"{text} Page {page}."), at=AT)
        counted = [
            connection.execute(sa.select(sa.func.count()).select_from(one)).scalar()
            for one in (table, article_urls)
        ]
    assert counted == [3 * DOCUMENTS, (len(SPELLINGS) + 2) * DOCUMENTS]


EDITED, GONE = range(1, 21), range(21, 31)


def test_what_was_edited_or_taken_down_is_still_there_as_it_was(archive: Path) -> None:
    numbers = [*EDITED, *GONE]
    before = {n: a_story(n) for n in numbers}
    pages = {f"/{n}/?utm_source=rss": body for n, body in before.items()}
    with serving(Site({"/feed/": a_feed(*numbers), **pages})) as site:
        run(archive, site)
        site.pages["/feed/"] = a_feed(*numbers, updated="2024-03-07T12:00:00Z")
        for n in EDITED:
            site.pages[f"/{n}/?utm_source=rss"] = a_story(
                n, f"Home {n} has closed, its owner said on Friday."
            )
        html = {"Content-Type": "text/html"}
        soft = (200, html, b"<title>Page not found</title><p>Try our front page.</p>")
        for n, answer in zip(GONE, [(404, html, b""), (410, html, b""), soft] * 4, strict=False):
            site.pages[f"/{n}/?utm_source=rss"] = answer
        run(archive, site, at=AT + dt.timedelta(days=1), revisit=True)
    kept = {(int(url.split("/")[3]), number) for url, number, _ in versions(archive)}
    assert kept == {(n, 1) for n in numbers} | {(n, 2) for n in EDITED}
    with Store.at(archive) as store, store.reading() as connection:
        folder = EvidenceFolder(store.place.evidence)
        for n in numbers:
            capture = captures.of_article(connection, articles.find(connection, f"{ECHO}/{n}/"), 1)
            assert folder.read(capture) == before[n]
        gone = connection.execute(sa.select(table.c.url).where(table.c.gone_at.is_not(None))).scalars()
        assert {int(url.split("/")[3]) for url in gone} == set(GONE)
