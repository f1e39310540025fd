"""Does each source still work? One page of each kind, fetched live into an archive that is thrown away."""

import dataclasses
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from crawler.news import NewsSpider
from crawler.orders import Order, Summary
from crawler.outcomes import Outcome
from crawler.profile import Profile
from crawler.run import crawl
from crawler.source import SourceSpider
from storage.schema.crawl import frontier
from storage.schema.press import article_versions, articles
from storage.store import Store

_FIELDS = ("title", "byline", "published", "text")


@dataclass(frozen=True, kw_only=True)
class Checked:
    """How one source does: the outcome of the first page that fails, else done; the fields a story gave."""

    source: str
    outcome: Outcome
    reason: str
    url: str | None
    fields: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()

    @property
    def works(self) -> bool:
        """Whether all of it is as it should be."""
        return self.outcome == "done"


def check(known: dict[str, type[SourceSpider]], order: Order) -> list[Checked]:
    """Check the order's sources; nothing comes into the newsroom's archive."""
    with tempfile.TemporaryDirectory(prefix="onrecord-check-") as folder:
        archive = Path(folder, "check.db")
        once = dataclasses.replace(
            order, archive=str(archive), evidence=None, sample=True, since=None, until=None, profile=Profile()
        )
        summaries = crawl(once)
        with Store.at(archive) as store, store.reading() as connection:
            return [_judged(connection, known[summary.source], summary) for summary in summaries]


def _judged(connection: sa.Connection, spider: type[SourceSpider], summary: Summary) -> Checked:
    query = sa.select(frontier).where(frontier.c.source_id == spider.name).order_by(frontier.c.depth)
    pages = connection.execute(query).all()
    if summary.ending != "done" or not pages:
        reason = summary.reason or f"the check {summary.ending}"
        return Checked(source=spider.name, outcome="our_fault", reason=reason, url=None)
    bad = [page for page in pages if page.outcome not in {"done", "unchanged"}]
    if bad:
        return Checked(source=spider.name, outcome=bad[0].outcome, reason=bad[0].reason or "", url=bad[0].url)
    if issubclass(spider, NewsSpider):
        return _of_news(connection, spider, pages)
    return Checked(source=spider.name, outcome="done", reason="", url=pages[-1].url)


def _of_news(connection: sa.Connection, spider: type[NewsSpider], pages: Sequence[sa.Row[Any]]) -> Checked:
    stories = [page for page in pages if page.kind == "article"]
    if not stories:
        reason = f"none of the addresses on it looks like a story ({spider.stories})"
        return Checked(source=spider.name, outcome="layout_changed", reason=reason, url=pages[0].url)
    join = sa.select(article_versions).join(articles, articles.c.id == article_versions.c.article_id)
    versions = connection.execute(join.where(articles.c.source_id == spider.name)).all()
    filled = tuple(name for name in _FIELDS if any(getattr(row, name) for row in versions))
    missing = tuple(name for name in spider.expects if name not in filled)
    return Checked(
        source=spider.name,
        outcome="layout_changed" if missing else "done",
        reason=f"its story has no {', '.join(missing)}" if missing else "",
        url=stories[0].url,
        fields=filled,
        missing=missing,
    )
