"""What a crawl is asked to do, and what it answers; both cross to the crawling process as JSON."""

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Self

from crawler.profile import Profile
from storage.runs import Counts, Ending


@dataclass(frozen=True, kw_only=True)
class Order:
    """One crawl: which sources of which archive, and by which rules.

    ``hosts``: hosts allowed by name and where they are served, as ``{"paper.example": "127.0.0.1:8001"}``;
    they are crawled without delay. ``modules`` and ``folders``: where else sources are declared. ``at``: the
    crawl's moment. ``since`` and ``until``: both together walk through the archive of a paper between them.
    ``profile``: what the newsroom looks for. ``browser``: where Chromium is, None for where it is found;
    pages that need JavaScript are shown in it. ``sample``: only one page of each kind, to see that it works.
    """

    archive: str
    sources: tuple[str, ...]
    at: dt.datetime
    evidence: str | None = None
    hosts: Mapping[str, str] = field(default_factory=dict)
    modules: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()
    since: dt.date | None = None
    until: dt.date | None = None
    profile: Profile = field(default_factory=Profile)
    sample: bool = False
    revisit: bool = False
    contact: str | None = None
    browser: str | None = None

    def to_json(self) -> str:
        """One line."""
        return json.dumps(asdict(self), default=str)

    @classmethod
    def from_json(cls, line: str) -> Self:
        """Read what ``to_json`` wrote."""
        given = json.loads(line)
        given["at"] = dt.datetime.fromisoformat(given["at"])
        for day in ("since", "until"):
            given[day] = given[day] and dt.date.fromisoformat(given[day])
        for several in ("sources", "modules", "folders"):
            given[several] = tuple(given[several])
        given["profile"] = Profile(**{name: tuple(words) for name, words in given["profile"].items()})
        return cls(**given)


@dataclass(frozen=True, kw_only=True)
class Summary:
    """How the crawl of one source ended; ``counts.fetched`` is the sum of the other counts."""

    source: str
    ending: Ending
    counts: Counts
    outcomes: Mapping[str, int] = field(default_factory=dict)
    reason: str | None = None
    waiting: int = 0  # addresses left for the next run, when the budget was spent
    alarms: tuple[str, ...] = ()  # what two runs in a row found wrong with the source

    @property
    def gave_nothing(self) -> bool:
        """Whether whatever was asked for failed: the site is down, or no longer what it was."""
        return self.counts.failed > 0 and self.counts.failed == self.counts.fetched

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> Self:
        """From its fields as JSON gives them."""
        return cls(**{**given, "counts": Counts(**given["counts"]), "alarms": tuple(given["alarms"])})
