"""Reservations of text and data mining: in a file of the host (TDMRep), in headers, in a page. All pure."""

import json
import re
from collections.abc import Iterable
from typing import Final

from crawler.robots import matches

TDMREP: Final = "/.well-known/tdmrep.json"
_TOKENS = frozenset({"noai", "notdm", "noml"})
_HEAD = 64 * 1024  # bytes of a page in which its head stands
_META = re.compile(rb"<meta\b[^>]{0,400}>", re.IGNORECASE)
_NAME = re.compile(rb"\bname\s*=\s*[\"']?([\w-]+)", re.IGNORECASE)
_CONTENT = re.compile(rb"\bcontent\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>]+))", re.IGNORECASE)

Headers = Iterable[tuple[str, str]]
Rules = tuple[tuple[str, bool], ...]
"""Patterns of paths, and whether mining is reserved there."""


def read_tdmrep(content: bytes) -> Rules:
    """The rules of a host's ``tdmrep.json``; none where the file is no such thing."""
    try:
        given = json.loads(content[: 1 << 20])
    except (ValueError, RecursionError):
        return ()
    entries = [one for one in given if isinstance(one, dict)] if isinstance(given, list) else []
    return tuple(
        (one["location"], str(one.get("tdm-reservation")) == "1")
        for one in entries
        if isinstance(one.get("location"), str)
    )


def reserved_for(rules: Rules, path: str) -> bool:
    """Whether the longest rule that matches the path reserves it."""
    fitting = [(len(pattern), reserved) for pattern, reserved in rules if matches(pattern, path)]
    return max(fitting, default=(0, False))[1]


def reserved_by(headers: Headers, body: bytes) -> str | None:
    """What in an answer reserves mining, in words; None where nothing does. A page overrules its headers."""
    for name, value in _told_in(body):
        if name == "tdm-reservation":
            return "the page says tdm-reservation: 1" if value.strip() == "1" else None
        if name in {"robots", "onrecord"} and (token := _token(value)):
            return f"the page says robots: {token}"
    for name, value in headers:
        if name.lower() == "tdm-reservation" and value.strip() == "1":
            return "its server says tdm-reservation: 1"
        if name.lower() == "x-robots-tag" and (token := _token(value)):
            return f"its server says X-Robots-Tag: {token}"
    return None


def _told_in(body: bytes) -> Iterable[tuple[str, str]]:
    for meta in _META.findall(body[:_HEAD]):
        name, content = _NAME.search(meta), _CONTENT.search(meta)
        if name and content:
            value = content[content.lastindex or 1]
            yield name[1].decode("latin-1").lower(), value.decode("latin-1")


def _token(value: str) -> str | None:
    """The reserving token for every robot or for ours; ``otherbot: noai`` is not said to us."""
    words = value.lower()
    agent, colon, rest = words.partition(":")
    if colon and agent.strip() not in _TOKENS:
        words = rest if agent.strip() == "onrecord" else ""
    said = {word.strip() for word in words.split(",")}
    return next(iter(sorted(said & _TOKENS)), None)
