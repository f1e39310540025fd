"""Whether the home has a manager, and since when: a clue of the post, never of the person who holds it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from linker.reading import Reading, Sentence
from storage.records import Clue

State = Literal["vacant", "new", "held"]

_MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july", "august", "september"),
    *("october", "november", "december"),
)
_SINCE = re.compile(
    rf"\b(?:since|in|from)(?: the (?:start|end|middle) of)? (?P<month>{'|'.join(_MONTHS)})"
    r"\b,?(?: (?P<year>20\d\d))?"
)
_KIND = r"(?:(?:permanent|registered|full-time|suitable|dedicated|suitably qualified|single) )*"
_NOT_THE_MANAGER = (
    r"(?<!deputy )(?<!night )(?<!regional )(?<!assistant )(?<!area )(?<!team )(?<!shift )(?<!former )"
)
_MANAGER = rf"{_NOT_THE_MANAGER}{_KIND}manager\b"
_WORDED: tuple[tuple[State, float, str], ...] = (
    (
        "vacant",
        0.9,
        rf"\b(?:no|without(?: a| any)?|lack(?:s|ed|ing|ed)? (?:of )?a|absence of a"
        rf"|not (?:currently )?(?:have|had) a|(?:has|had)n't (?:had )?a|an absent) {_KIND}manager\b",
    ),
    (
        "vacant",
        0.9,
        r"\bmanager(?:'s)? (?:post|position|role|job) (?:has been|had been|was|is|were|remain\w*|lay)"
        r" (?:still )?(?:vacant|unfilled|empty|open)",
    ),
    (
        "vacant",
        0.6,
        rf"\b{_MANAGER} (?:(?:had|has|having) )?(?:resigned|left|quit|departed|went"
        r"|walked out|handed in)",
    ),
    (
        "new",
        0.6,
        rf"\b(?:new|newly[- ]appointed|recently[- ]appointed|newly[- ]registered) {_KIND}manager\b",
    ),
    (
        "new",
        0.8,
        rf"\b{_MANAGER} (?:has |had |is |was |who (?:has|had|is|was) )?(?:only )?"
        r"(?:recently |newly |just )?(?:been )?(?:appointed|applied (?:to|for)|new to|awaiting registration)",
    ),
    (
        "held",
        0.8,
        rf"\b{_MANAGER},? (?:who )?(?:has|had) been (?:in (?:post|charge|place)|registered)|"
        rf"\b{_MANAGER} (?:was |has been )?registered\b",
    ),
)
_STATES = tuple((state, sure, re.compile(pattern)) for state, sure, pattern in _WORDED)
_AFTER = re.compile(
    r"\b(?:since (?:left|quit|resigned|departed|appointed|brought|been)|now\b|no longer|will|next month|would"
    r"|started|starts|we have|our new|have (?:also )?appointed|said (?:that )?(?:it|the manager|a new))"
)
"""Said of the time after the visit, of which the report cannot tell."""
_NOT_OF_A_HOME = re.compile(
    r"\b(?:no (?:home|door|child|one)|nobody|until|before its|unless|managers|would|will open|used to"
    r"|years' service)\b"
)


@dataclass(frozen=True, kw_only=True)
class Post:
    """The state of the manager's post, and the month since when, where that is told."""

    state: State
    month: int | None = None
    year: int | None = None

    def __str__(self) -> str:
        since = f" since {_MONTHS[self.month - 1].title()} {self.year or ''}" if self.month else ""
        return {"vacant": "no manager", "new": "new manager", "held": "manager in post"}[self.state] + since


def find(reading: Reading) -> list[Clue]:
    """``manager``: the posts told of; surest where nothing points to a day after the visit."""
    return [
        clue
        for sentence in reading.told()
        if reading.low.find("manager", sentence.start, sentence.end) >= 0
        for clue in _in_sentence(reading, sentence)
    ]


def post_in(text: str) -> Post | None:
    """What a report says of the post in the first sentence that does."""
    for line in re.split(r"(?<=[.;])\s+|\n", text):
        low = line.lower()
        if "manager" in low and (told := next(_told(low), None)):
            return told[2]
    return None


def _in_sentence(reading: Reading, sentence: Sentence) -> Iterator[Clue]:
    low = reading.low[sentence.start : sentence.end]
    if _NOT_OF_A_HOME.search(low):
        return
    for (start, end), sure, post in _told(low):
        confidence = sure * (0.3 if _AFTER.search(low) else 1.0)
        yield reading.clue("manager", sentence.start + start, sentence.start + end, post, confidence)
        return


def _told(low: str) -> Iterator[tuple[tuple[int, int], float, Post]]:
    for state, sure, pattern in _STATES:
        found = pattern.search(low)
        if found:
            since = _SINCE.search(low, found.end())
            near = since if since and since.start() - found.end() < 60 else None
            yield (
                (found.start(), near.end() if near else found.end()),
                sure,
                Post(
                    state=state,
                    month=_MONTHS.index(near["month"]) + 1 if near else None,
                    year=int(near["year"]) if near and near["year"] else None,
                ),
            )
