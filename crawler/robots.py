"""robots.txt, read as RFC 9309 and the large search engines read it.

Protego leaves a group when an unknown line stands between its user agents, takes agents of two words
literally and stumbles over byte-order marks; so the rules are read here. Pure: bytes in, rules out.
"""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal, Self
from urllib.parse import urlsplit

_LARGEST = 500 * 1024  # bytes; what RFC 9309 asks to be read, and all that is read
_AGENT = re.compile(r"user[ -]?agent", re.IGNORECASE)
_ALLOW = re.compile(r"allow", re.IGNORECASE)
_DISALLOW = re.compile(r"diss?all?ow|dissalow|diasllow|disallaw", re.IGNORECASE)
_DELAY = re.compile(r"crawl[ -]?delay", re.IGNORECASE)
_TOKEN = re.compile(r"[A-Za-z0-9_-]+")
_ESCAPED = re.compile(rb"%([0-9a-fA-F]{2})")
_UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_INDEX = re.compile(r"/index\.html?$")
_LONGEST_DELAY = 60.0  # seconds; more would stop a crawl as a refusal does, without saying so

_Kind = Literal["agent", "allow", "disallow", "delay"]


@dataclass
class _Group:
    """What is said to some agents: patterns with whether they allow, and a delay in seconds."""

    patterns: list[tuple[str, bool]] = field(default_factory=list)
    delay: float | None = None


@dataclass(frozen=True, kw_only=True)
class Robots:
    """One host's rules."""

    groups: dict[str, _Group]

    @classmethod
    def parse(cls, content: bytes) -> Self:
        """Read a file of any charset; what is no rule is passed over."""
        groups: dict[str, _Group] = {}
        named: list[_Group] = []
        agents_end = True
        for kind, value in _lines(content):
            if kind == "agent":
                named = [] if agents_end else named
                agents_end = False
                if (agent := _agent(value)) is not None:
                    named.append(groups.setdefault(agent, _Group()))
            elif kind == "delay":
                for group in named:
                    group.delay = _seconds(value) or group.delay
            else:
                agents_end = True
                for group in named:
                    group.patterns += _patterns(value, kind == "allow")
        return cls(groups=groups)

    def allows(self, url: str, agent: str) -> bool:
        """Whether that agent may fetch the address: the longest rule that matches decides, allow before."""
        best, allowed = 0, True
        path = _path(url)
        for pattern, allow in self._of(agent).patterns:
            if len(pattern) >= best and matches(pattern, path):
                allowed = allow if len(pattern) > best else allowed or allow
                best = len(pattern)
        return allowed

    def delay(self, agent: str) -> float:
        """Seconds that the agent is asked to leave between two requests."""
        return min(self._of(agent).delay or 0.0, _LONGEST_DELAY)

    def _of(self, agent: str) -> _Group:
        named = _TOKEN.match(agent)
        own = self.groups.get(named.group().lower()) if named else None
        return own or self.groups.get("*") or _Group()


def matches(pattern: str, path: str) -> bool:
    """Whether a path begins as a pattern says: ``*`` is anything, a ``$`` at its end the path's end."""
    anchored = pattern.endswith("$")
    first, *rest = pattern.removesuffix("$").split("*")
    if not path.startswith(first):
        return False
    if not rest:
        return not anchored or len(path) == len(first)
    at = len(first)
    for part in rest[:-1] if anchored else rest:
        if (found := path.find(part, at)) < 0:
            return False
        at = found + len(part)
    return not anchored or (path.endswith(rest[-1]) and len(path) - len(rest[-1]) >= at)


def _lines(content: bytes) -> Iterator[tuple[_Kind, str]]:
    for line in re.split(r"[\r\n]+", _text(_beginning(content))):
        said = line.partition("#")[0].strip()
        key, colon, value = said.partition(":")
        if not colon:
            key, *values = said.split()[:3] or [""]
            value = values[0] if len(values) == 1 else ""
        if kind := _kind(key.strip()):
            yield kind, value.strip()


def _beginning(content: bytes) -> bytes:
    """What is read of it, in whole lines: half of ``Disallow: /private`` would forbid all."""
    if len(content) <= _LARGEST:
        return content
    read = content[:_LARGEST]
    return read[: max(read.rfind(b"\n"), read.rfind(b"\r")) + 1]


def _kind(key: str) -> _Kind | None:
    kinds: dict[_Kind, re.Pattern[str]] = {
        "agent": _AGENT, "allow": _ALLOW, "disallow": _DISALLOW, "delay": _DELAY
    }  # fmt: skip
    return next((kind for kind, spelled in kinds.items() if spelled.fullmatch(key)), None)


def _text(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace").lstrip("\ufeff")
    # bytes that are no UTF-8 survive as they are, and are compared as they are
    return content.decode("utf-8", "surrogateescape").lstrip("\ufeff").replace("\x00", "")


def _agent(value: str) -> str | None:
    if value == "*" or value.startswith("* "):
        return "*"
    named = _TOKEN.match(value)
    return named.group().lower() if named else None


def _patterns(value: str, allow: bool) -> list[tuple[str, bool]]:
    """The rule as it is compared; an allowed index page allows its folder."""
    if not value:
        return []
    pattern = _normal(value)
    patterns = [(pattern, allow)]
    if allow and _INDEX.search(pattern):
        patterns.append((_INDEX.sub("/$", pattern), allow))
    return patterns


def _path(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:
        return "/"
    path = parts.path if parts.path.startswith("/") else f"/{parts.path}"
    return _unescaped((path + (f"?{parts.query}" if parts.query else "")).encode("utf-8", "surrogateescape"))


def _normal(value: str) -> str:
    """Percent-escapes for what is not ASCII, none for what needs none."""
    said = value.encode("utf-8", "surrogateescape")
    return _unescaped(b"".join(b"%%%02X" % byte if byte > 127 else bytes([byte]) for byte in said))


def _unescaped(value: bytes) -> str:
    def plain(found: re.Match[bytes]) -> bytes:
        byte = int(found[1], 16)
        return bytes([byte]) if byte in _UNRESERVED else found[0].upper()

    return _ESCAPED.sub(plain, value).decode("utf-8", "surrogateescape")


def _seconds(value: str) -> float | None:
    try:
        seconds = float(value)
    except ValueError:
        return None
    return seconds if math.isfinite(seconds) and seconds > 0 else None
