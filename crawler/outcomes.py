"""How a fetch can end. There is no empty success: whatever gave nothing says why.

``of_response`` judges what came, ``of_fault`` what kept it from coming; both are pure.
"""

import re
from dataclasses import dataclass
from typing import Final, Literal

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
    UnsupportedURLSchemeError,
)

from crawler.errors import (
    ForPayers,
    HostWaits,
    NeedsJavaScript,
    NoBrowser,
    NotThere,
    PrivateAddress,
    RefusedByRobots,
    Reserved,
    RobotsOutOfReach,
    TooLarge,
    Walled,
)
from storage.runs import Count

Outcome = Literal[
    "done",  # something was read and kept
    "unchanged",  # what was read is what we had
    "gone",  # 404, 410
    "elsewhere",  # it redirects to a site that is not the source's
    "not_wanted",  # read, and outside what was asked for: too old, no story
    "off_profile",  # read, and not what the newsroom looks for
    "refused_by_robots",
    "reserved",  # its owner reserves text and data mining
    "postponed",  # its host asked to be left alone for a while
    "paywalled",  # only the beginning is free, and no more than we had
    "blocked",  # 401, 403, 429, 451, a challenge page, a consent wall
    "private_address",  # it leads into a private network
    "needs_javascript",
    "layout_changed",  # what the source's pages always had is missing
    "empty",  # 200 and nothing in it
    "too_large",
    "unreadable",
    "unreachable",  # no name, no connection, no answer in time
    "server_error",  # 5xx, and any status that no source should give
    "our_fault",  # our own code failed on it
]

COUNTED_AS: Final[dict[Outcome, Count]] = {
    "done": "stored",
    "unchanged": "duplicate",
    "gone": "refused",
    "elsewhere": "refused",
    "not_wanted": "refused",
    "off_profile": "refused",
    "refused_by_robots": "refused",
    "reserved": "refused",
    "postponed": "refused",
    "paywalled": "refused",
    "private_address": "refused",
    "blocked": "failed",
    "needs_javascript": "failed",
    "layout_changed": "failed",
    "empty": "failed",
    "too_large": "failed",
    "unreadable": "failed",
    "unreachable": "failed",
    "server_error": "failed",
    "our_fault": "failed",
}
"""In which of a run's counts each ends."""

TEMPORARY: Final[frozenset[Outcome]] = frozenset({"blocked", "unreachable", "server_error", "empty"})
"""What may be different tomorrow; the address is tried again."""

LEFT: Final[frozenset[Outcome]] = frozenset({"off_profile"})
"""What is never fetched again, unless the newsroom looks for something else."""

_STATUSES: Final[dict[int, Outcome]] = {
    304: "unchanged",
    401: "blocked",
    403: "blocked",
    404: "gone",
    407: "blocked",
    410: "gone",
    429: "blocked",
    451: "blocked",
}
_CHALLENGE = re.compile(
    rb"cf-chl-|/cdn-cgi/challenge-platform|captcha-delivery\.com|_Incapsula_Resource|px-captcha"
    rb"|<title>(?:Just a moment|Attention Required|Access Denied|Pardon Our Interruption|Are you a robot)",
    re.IGNORECASE,
)
_CONSENT = re.compile(
    rb"<title>[^<]{0,60}(?:before you continue|privacy choices|cookie consent|we value your privacy)",
    re.IGNORECASE,
)
_SCRIPTED = re.compile(
    rb"<(?:div|main)[^>]{0,80}id=[\"']?(?:root|app|__next|__nuxt)[\"']?[^>]{0,80}>\s*</"
    rb"|<noscript>[^<]{0,40}(?:<[^>]{0,80}>\s*)?[^<]{0,80}(?:enable|requires?|turn on) JavaScript",
    re.IGNORECASE,
)
_MISSING = re.compile(
    rb"<title>\s*(?:[^<]{1,40}(?:[|:]|\s[-\xe2\x80\x93]+)\s*)?(?:oops\W*|error\s*)?(?:404\b(?!\s+(?!error|page|not)\w)"
    rb"|(?:sorry,? )?(?:the |this )?(?:page|article|story|content)(?: you[^<]{0,40})?\s(?:not found"
    rb"|(?:can(?:not|'t|&#0?39;t)|could(?: not|n't)) be found|(?:is )?no longer (?:available|exists)"
    rb"|(?:has been|was) removed|does(?: not|n't) exist)|not found\s*(?:[<|:-]|\xe2))",
    re.IGNORECASE,
)
_SOCKET = re.compile(r" ssl:(?:<[^<>]*>|\w+)")
_WALL = 60_000  # bytes; walls and challenges are small, and a story may speak of one


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """An outcome that needs no reading, and the reason in words."""

    outcome: Outcome
    reason: str


def of_response(status: int, body: bytes) -> Verdict | None:
    """What the status and the first bytes decide; None when there is a document to read."""
    if status != 200:
        return Verdict(outcome=_STATUSES.get(status, "server_error"), reason=f"status {status}")
    if not body.strip():
        return Verdict(outcome="empty", reason="status 200, and nothing in it")
    if _MISSING.search(body[:_WALL]):
        return Verdict(outcome="gone", reason="status 200, and a page that says it is not there")
    if len(body) < _WALL and _CHALLENGE.search(body):
        return Verdict(outcome="blocked", reason="a challenge page stands before it")
    if len(body) < _WALL and _CONSENT.search(body):
        return Verdict(outcome="blocked", reason="a consent wall stands before it")
    return None


def of_unreadable(body: bytes, fault: Exception, *, scripted: bool = False) -> Verdict:
    """Why a page gave no text: it may be made by scripts, which were not run, or stand before another.

    ``scripted``: its source's pages are shown by a browser, so that this was what its scripts made of it.
    """
    if isinstance(fault, NoBrowser):
        return Verdict(outcome="needs_javascript", reason=str(fault))
    if not scripted and (isinstance(fault, NeedsJavaScript) or _SCRIPTED.search(body)):
        reason = "the page is made by JavaScript, and its source does not say javascript = True"
        return Verdict(outcome="needs_javascript", reason=reason)
    outcome: Outcome = next((one for kind, one in _STANDING if isinstance(fault, kind)), "unreadable")
    return Verdict(outcome=outcome, reason=str(fault))


_STANDING: Final[tuple[tuple[type[Exception], Outcome], ...]] = (
    (TooLarge, "too_large"),
    (Walled, "blocked"),
    (ForPayers, "paywalled"),
    (NotThere, "gone"),
)
"""What stands where a document should."""
_FAULTS: Final[tuple[tuple[type[Exception], Outcome], ...]] = (
    (PrivateAddress, "private_address"),
    (RefusedByRobots, "refused_by_robots"),
    (RobotsOutOfReach, "unreachable"),
    (Reserved, "reserved"),
    (HostWaits, "postponed"),
    (UnsupportedURLSchemeError, "elsewhere"),
    (CannotResolveHostError, "unreachable"),
    (DownloadConnectionRefusedError, "unreachable"),
    (DownloadTimeoutError, "unreachable"),
    (DownloadCancelledError, "too_large"),
    (ResponseDataLossError, "unreachable"),
    (DownloadFailedError, "unreachable"),
)


def told(fault: BaseException) -> str:
    """What a fault says, in one line, without what is of no use to a person."""
    return _SOCKET.sub("", str(fault).split("\n", 1)[0]) or type(fault).__name__


def of_fault(fault: BaseException) -> Verdict:
    """The outcome of a fetch that ended in an exception."""
    said = told(fault)
    if isinstance(fault, IgnoreRequest):
        if "max redirections" in said:
            return Verdict(outcome="unreachable", reason="it redirects for ever")
        return Verdict(outcome="too_large" if "MAXSIZE" in said else "not_wanted", reason=said)
    for kind, outcome in _FAULTS:
        if isinstance(fault, kind):
            return Verdict(outcome=outcome, reason=said)
    return Verdict(outcome="our_fault", reason=f"{type(fault).__name__}: {said}")
