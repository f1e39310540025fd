"""What a run saw of a source: how each start answered, how pages ended, which of their fields were there."""

import datetime as dt
import statistics
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Final

from crawler.harvest import Harvest
from crawler.outcomes import Outcome
from storage.ids import digest_of
from storage.records import Article

FIELDS = ("title", "byline", "published", "section")
LEADING: Final = frozenset({"feed", "sitemap", "listing", "search", "tables"})
"""Kinds of address that lead on; all others are pages."""


@dataclass(kw_only=True)
class Tally:
    """Counts of one run; small, since it is kept with the run."""

    starts: dict[str, Outcome] = field(default_factory=dict)
    pages: Counter[Outcome] = field(default_factory=Counter)
    fields: Counter[str] = field(default_factory=Counter)
    read: int = 0
    _lengths: Counter[int] = field(default_factory=Counter)
    _texts: set[int] = field(default_factory=set)  # 64 bits of each digest: a run has many

    def add(self, harvest: Harvest, outcome: Outcome) -> None:
        """Count one finished address."""
        entry = harvest.entry
        if entry.depth == 0:
            self.starts[entry.url] = outcome
        if entry.kind in LEADING:
            return
        self.pages[outcome] += 1
        for record in harvest.gathered.keep:
            article = getattr(record, "article", None)
            if isinstance(article, Article):
                self._read(article)

    def seen(self, at: dt.datetime) -> dict[str, Any]:
        """As it is kept with the run of that moment."""
        return {
            "at": at.isoformat(),
            "starts": dict(self.starts),
            "pages": dict(self.pages),
            "fields": dict(self.fields),
            "read": self.read,
            "texts": len(self._texts),
            "letters": round(statistics.median(self._lengths.elements())) if self._lengths else 0,
        }

    def _read(self, article: Article) -> None:
        self.read += 1
        on_page = {name: getattr(article, name) for name in FIELDS}
        on_page["published"] = article.published and article.published_from not in {"feed", "none"}
        self.fields.update(name for name, value in on_page.items() if value)
        self._lengths[len(article.text)] += 1
        self._texts.add(int(digest_of(article.text.encode())[:16], 16))
