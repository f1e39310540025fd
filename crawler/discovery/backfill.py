"""Back-fill: the addresses of a paper's archive between two days, and which of them lie outside."""

import datetime as dt
import re
from collections.abc import Iterable
from typing import Final

from crawler.discovery.leads import Lead

_DATED: Final = re.compile(
    r"(?<!\d)((?:19|20)\d\d)[-/_]?(0[1-9]|1[0-2])(?:[-/_]?(0[1-9]|[12]\d|3[01]))?(?!\d)"
)


def addresses(patterns: Iterable[str], since: dt.date, until: dt.date) -> list[str]:
    """``…/archive/{year}/{month:02}/{day:02}/`` for each day (or month, or year) of a span, newest first."""
    days = [until - dt.timedelta(days=n) for n in range((until - since).days + 1)]
    found = (
        pattern.format(year=day.year, month=day.month, day=day.day) for pattern in patterns for day in days
    )
    return list(dict.fromkeys(found))


def sitemap_outside(lead: Lead, since: dt.date | None, until: dt.date | None) -> bool:
    """Whether a sitemap surely holds nothing of the span, by the month or day in its own address.

    When it was last changed decides nothing: papers write all their sitemaps anew.
    """
    dated = _DATED.search(lead.url)
    if not dated:
        return False
    year, month, day = int(dated[1]), int(dated[2]), int(dated[3]) if dated[3] else None
    first = dt.date(year, month, day or 1) if _is_day(year, month, day or 1) else dt.date(year, month, 1)
    following = dt.date(year + month // 12, month % 12 + 1, 1)
    last = first if day else following - dt.timedelta(days=1)
    return bool((since and last < since) or (until and first > until))


def _is_day(year: int, month: int, day: int) -> bool:
    try:
        dt.date(year, month, day)
    except ValueError:
        return False
    return True
