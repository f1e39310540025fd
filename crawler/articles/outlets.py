"""Whose a page is, by its host: a source we know, with its template and its rights, or a paper we do not."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from crawler.extract.html import Page, Template
from storage.addresses import host
from storage.records import Article, Source

if TYPE_CHECKING:
    from crawler.news import NewsSpider


@dataclass(frozen=True, kw_only=True)
class Outlet:
    """``source``: None where none of ours, or more than one, has pages on that host."""

    template: Template | None = None
    source: Source | None = None


class Outlets:
    """The papers whose pages are met; the sources we know are asked for when the first page is."""

    def __init__(self, sources: "Callable[[], Iterable[type[NewsSpider]]]" = tuple) -> None:
        self._load = sources
        self._by_host: dict[str, Outlet] = {}

    def of(self, url: str) -> Outlet:
        """The outlet of a page; sources that share a host share its platform's template."""
        name = host(url)
        if name not in self._by_host:
            found = [source for source in self._sources if source.covers(url)]
            self._by_host[name] = Outlet(
                template=found[0].template if found else None,
                source=found[0].declared() if len(found) == 1 else None,
            )
        return self._by_host[name]

    def article(self, page: Page, url: str) -> Article:
        """The page's article with its outlet: our source's name, else the page's own word, else the host."""
        article, source = page.article, self.of(url).source
        named = source.title if source else article.outlet or host(url).removeprefix("www.")
        return replace(article, url=article.url or url, outlet=named)

    @cached_property
    def _sources(self) -> "tuple[type[NewsSpider], ...]":
        return tuple(self._load())
