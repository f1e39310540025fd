"""What the regulator demands of the home: requirements, notices, a restriction, regulations by number."""

import re
from collections.abc import Iterator
from typing import Any

from linker.clues.numbers import number
from linker.reading import Reading, Sentence
from storage.records import Clue

_N = (
    r"(?P<n>\d{1,2}|no|an?(?: single| further)?|one|two|three|four|five|six|seven|eight|nine|ten|eleven"
    r"|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty|a pair of"
    r"|a trio of|single)"
)
_SORT = (
    r"(?:(?:separate|further|legal|statutory|new|formal|other|specific|individual|softer|compliance"
    r"|enforcement|of the|good practice) )"
)
_COUNTS = {
    "requirements": re.compile(rf"\b{_N} {_SORT}{{0,3}}requirements?\b(?! and recommendations| notice)"),
    "recommendations": re.compile(rf"\b{_N} {_SORT}{{0,3}}recommendations?\b"),
    "notices": re.compile(
        rf"\b{_N} {_SORT}{{0,2}}(?:compliance|enforcement|legal|statutory) notices?\b"
        rf"|\bnotices? under {_N.replace('?P<n>', '?P<m>')} regulations\b"
        rf"|\b{_N.replace('?P<n>', '?P<k>')} notices (?:have|has|were|was|had) (?:also )?"
        r"(?:been )?(?:issued|served)\b"
    ),
}
_SOME = re.compile(r"\b(?:compliance|enforcement) notices\b|\bserved with notices\b")
_NOT_HERE = re.compile(
    r"\b(?:nationally|across the country|in england|last (?:financial )?year|cases|on \d+ occasions|down from"
    r"|remain(?:s|ed)?|review|independent visitor|planning|previous(?:ly)?|the year before|earlier)\b"
)
"""Other homes, other times, or a count of what is left: worth little as this report's own number."""
_ABOUT = re.compile(
    r"\b(?:home|house|service|ofsted|inspect\w+|report|regulator|watchdog|firm|company|it|council|operator"
    r"|provider|charity|trust|owners?|was|were|been|made|set|served|issued|given|meet)\b"
)
_MODAL = re.compile(
    r"\b(?:can|could|might|would|threat\w*|if)\b"
    r"|\bmay (?:also |now |yet |not )?(?:be|issue|serve|restrict|close|cancel|take)\b"
)  # the auxiliary, not the month
_OWN_WILL = re.compile(r"\b(?:voluntar\w+|own accord|we have|we've|paused|lifted|removed|no restrictions?)\b")
_RESTRICTED = re.compile(
    r"\brestrict\w*(?: \w+){0,3} (?:accommodation|admissions?|placements)\b"
    r"|\badmissions?\b(?: \w+){0,2} restricted\b|\baccommodation (?:was|is|has been) restricted\b"
    r"|\bnotice restricting accommodation\b|\brestriction notice\b"
    r"|\b(?:barred|banned|stopped|prevented|prohibited) (?:it |the (?:home|firm|company) )?(?:from )?"
    r"(?:admitting|taking|accepting|new arrivals)\b"
    r"|\b(?:must not|ordered not to|told not to) (?:admit|take|accept)\b"
)
_REGULATIONS = re.compile(
    r"\bregulations? (?P<first>\d{1,2})\b(?!\s*(?:visit|report|independent|monitor))"
    r"(?P<more>(?:(?:,| and|, and|,? or) \d{1,2}\b(?! \w+s\b))*)"
)
_QUICK = re.compile(r"require|recommend|notice|restrict|admi(?:t|ss)|accept|arrivals|regulation|taking")


class Regulations(frozenset[int]):
    """Regulations by their numbers."""

    def __str__(self) -> str:
        return ", ".join(map(str, sorted(self)))


def find(reading: Reading) -> list[Clue]:
    """``requirements``, ``notices``, ``recommendations`` (how many; at least so many where negative),

    ``restriction`` (True) and ``regulations``.
    """
    return [clue for sentence in reading.told() for clue in _in_sentence(reading, sentence)]


def is_restricted(text: str) -> bool:
    """Whether a text says that the home may admit nobody new."""
    return any(not _OWN_WILL.search(line) for line in _lines_with(text.lower()))


def _lines_with(low: str) -> Iterator[str]:
    at = low.find("restrict")
    while at >= 0:  # a report is long, and the pattern slow
        start, end = low.rfind(".", 0, at) + 1, low.find(".", at)
        line = low[max(start, at - 200) : end if 0 <= end < at + 200 else at + 200]
        if _RESTRICTED.search(line) and not _MODAL.search(line):
            yield line
        at = low.find("restrict", at + 1)


def _in_sentence(reading: Reading, sentence: Sentence) -> Iterator[Clue]:
    low = reading.low[sentence.start : sentence.end]
    if not _QUICK.search(low):
        return
    sure = 0.3 if _NOT_HERE.search(low) else 0.9
    for kind, start, end, value in _said(low):
        yield reading.clue(kind, sentence.start + start, sentence.start + end, value, sure)


def _said(low: str) -> Iterator[tuple[str, int, int, Any]]:
    if _ABOUT.search(low):
        yield from _counted(low)
    for found in _REGULATIONS.finditer(low):
        numbers = Regulations(int(one) for one in re.findall(r"\d+", found["first"] + found["more"]))
        yield "regulations", *found.span(), numbers
    restricted = _RESTRICTED.search(low)
    if restricted and not _MODAL.search(low) and not _OWN_WILL.search(low):
        yield "restriction", *restricted.span(), True


def _counted(low: str) -> Iterator[tuple[str, int, int, int]]:
    noticed = False
    for kind, pattern in _COUNTS.items():
        for found in pattern.finditer(low):
            word = next(one for one in found.groups() if one)
            if kind == "notices" and _MODAL.search(low[: found.start()]):
                continue
            noticed = noticed or kind == "notices"
            yield kind, *found.span(), _count(word)
    some = None if noticed else _SOME.search(low)
    if some and not _MODAL.search(low) and not re.search(r"\bno\b", low[: some.start()]):
        yield "notices", *some.span(), -1


def _count(word: str) -> int:
    """The number; ``no`` is none, a pair two."""
    if word in ("no", "a pair of", "a trio of"):
        return {"no": 0, "a pair of": 2, "a trio of": 3}[word]
    return 1 if word.startswith(("a", "single")) else number(word)
