"""Addresses that go on for ever: calendars, session ids, facets, paths that repeat themselves."""

import re
from collections import Counter
from typing import Final
from urllib.parse import parse_qsl, urlencode, urlsplit

_SESSION: Final = re.compile(r"(?:php|asp\.?net_?|j)?sess(?:ion)?_?id|sid|cfid|cftoken|zenid", re.IGNORECASE)
_PATH_SESSION: Final = re.compile(r";jsessionid=[^/?#]*|/\(S\([a-z0-9]+\)\)", re.IGNORECASE)
_CALENDAR: Final = re.compile(r"/(?:calendar|events?|diary|whats-on)/.*\d{4}[/-]\d{1,2}", re.IGNORECASE)
_MOST_PARAMETERS: Final = 5
_MOST_SEGMENTS: Final = 14
_LONGEST: Final = 1000  # characters


def steady(url: str) -> str:
    """The address without the session that a site wrote into it, which is another at each visit."""
    parts = urlsplit(url)
    given = parse_qsl(parts.query, keep_blank_values=True)
    kept = [(name, value) for name, value in given if not _SESSION.fullmatch(name)]
    query = parts.query if len(kept) == len(given) else urlencode(kept)
    return parts._replace(path=_PATH_SESSION.sub("", parts.path), query=query).geturl()


def is_trap(url: str) -> bool:
    """Whether the address looks like one of endlessly many: no story has such a one."""
    parts = urlsplit(url)
    segments = [segment for segment in parts.path.split("/") if segment]
    repeated = max(Counter(segments).values(), default=0) > 2
    facets = len(parse_qsl(parts.query, keep_blank_values=True)) > _MOST_PARAMETERS
    endless = len(url) > _LONGEST or len(segments) > _MOST_SEGMENTS
    return repeated or facets or endless or bool(_CALENDAR.search(parts.path))
