"""Days: when inspectors came now and before, and when the report was published (``linker.clues.days``)."""

import datetime as dt
import re
from collections.abc import Iterator
from itertools import islice

from linker.clues import days
from linker.clues.days import Days
from linker.reading import Reading, Sentence
from storage.dates import DaySpan
from storage.records import Clue

_VISIT = re.compile(
    r"\binspect(?:ed|ions?|ing|or|ors)?\b|\bvisit(?:ed|s|ors|ing)?\b|\bcalled\b|\bdropped (?:in|by)\b"
    r"|\bwent (?:in\b|to\b|back)"
    r"|\bcame (?:back|calling|knocking)|\bturned up\b|\breturned\b|\bdescended\b|\bspent \w+ days\b"
    r"|\blooked (?:at|round)\b"
    r"|\bsent\b|\bseen\b|\barriv\w+|\bassess(?:ed|ment)\b|\bunannounced\b|\btook place\b"
    r"|\bcarried out\b|\bchecked\b"
)
_PUBLISHED = re.compile(
    r"\bpublish\w*|\breleased\b|\bmade public\b|\bput online\b|\bposted\b|\bappear(?:ed|ing)\b"
    r"|\bcame out\b|\bcome out\b"
    r"|\bissued its report|\bsurface[ds]?\b|\bwent live\b|\breport (?:was )?out\b|\bonline\b"
    r"|\breleas(?:e|ing)\b|\bnow available\b"
)
_JUDGED = re.compile(
    r"(?<!had )\b(?:found|rated|judged|graded|branded|deemed) (?:it|(?:the|a|its) (?:[\w-]+ )?home)\b"
    r"|\b(?:home|house|it) (?:was|is|has been) (?:\w+ )?(?:found|rated|judged|graded|branded|deemed|told)\b"
)
"""Said of the visit or of its report: where nothing else tells, the visit lies in or some weeks before."""
_TOLD_AFTER = dt.timedelta(days=60)
_OTHER = re.compile(
    r"\b(?:due|deadline|open(?:ed|ing|s)?|founded|born|died|meeting|hearing|register(?:ed|ing)"
    r"|re-?opened|closed|deadlines"
    r"|start(?:s|ed)?|begin|began|will\b|hand(?:ed|ing)? over|accounts|joined|took (?:up|over)|drop-in"
    r"|webcast|since|committee"
    r"|celebrat\w*|shareholders|vote|ballot\w*|elected|election|incident|report(?:ed)? in"
    r"|move[sd]? (?:to|in)|transferred|acquired)\b"
)
_COMING = re.compile(r"\b(?:a|the|after|following) (?:\w+ )?(?:visit|inspection)\b")
_PERSON = re.compile(
    r"\b(?:i|we|she|he|councillors?|mps?|ministers?) (?:had |have )?(?:visited|called"
    r"|went|looked)\b"
)
_IN_A_SENTENCE = 40  # expressions of days; thousands without a full stop tell nothing, and take minutes
_DEADLINE = re.compile(r"\b(?:by|until|before|from|since|till)\s+(?:the\s+)?$", re.IGNORECASE)
_EARLIER = re.compile(
    r"\b(?:previous|earlier (?:visit|inspection|report|judge?ment|check)|had (?:been|previously)"
    r"|having been|used to|previously"
    r"|(?:up|down|drop\w*|fall\w*|fell|improve\w*|rise) from|the (?:full )?inspection of"
    r"|last (?:full )?inspection|a year ago|once)\b"
)
_COMPARED = re.compile(
    r"\b(?:than|(?<!early )(?<!late )(?<!recently )(?<!soon )as)\s+(?:it (?:did|was|had been)\s+)?(?:in\s+)?$"
)
"""Before the day of another visit, whose result was the same or another: "the same grade as last spring"."""


def find(reading: Reading) -> list[Clue]:
    """Visits (``visit``, ``earlier_visit``) and publication (``published``) of the report."""
    return [clue for sentence in reading.told() for clue in _in_sentence(reading, sentence)]


def _in_sentence(reading: Reading, sentence: Sentence) -> Iterator[Clue]:
    if not days.QUICK.search(reading.low, sentence.start, sentence.end):
        return
    text = reading.plain[sentence.start : sentence.end]
    found = islice(days.find(text, reading.published, reading.latest), _IN_A_SENTENCE)
    expressions = sorted(found, key=lambda one: one[0])
    if not expressions:
        return
    low = text.lower()
    for start, end, told in expressions:
        role = _role(low, start, end)
        if role and told.spans:
            kind, value = ("visit", _before(told)) if role == "judged" else (role, told)
            yield reading.clue(kind, sentence.start + start, sentence.start + end, value)


def _role(low: str, start: int, end: int) -> str | None:
    """What the nearest cue in the sentence says that the day is of; a deadline is of nothing."""
    if _DEADLINE.search(low[:start]):
        return None
    if _PERSON.search(low):
        return None
    nearest: tuple[int, str] | None = None
    for cue, role in ((_VISIT, "visit"), (_PUBLISHED, "published"), (_OTHER, "")):
        for found in cue.finditer(low):
            gap = start - found.end() if found.end() <= start else (found.start() - end) * 2
            if gap >= 0 and (nearest is None or gap < nearest[0]):
                nearest = (gap, role)
    before = low[max(0, start - 60) : start]
    if nearest is None and _JUDGED.search(before) and not _is_earlier(before):
        return "judged"
    if nearest is None or not nearest[1] or nearest[0] > 110:
        return None
    if nearest[1] == "visit" and _is_earlier(before):
        return "earlier_visit"
    return nearest[1]


def _before(told: Days) -> Days:
    """The days of a visit of which something was told on these days."""
    spans = tuple(DaySpan(span.first - _TOLD_AFTER, span.last) for span in told.spans)
    return Days(spans=spans, exact=False)


def _is_earlier(left: str) -> bool:
    """Whether the words before a day speak of an earlier visit, and no other visit comes between."""
    if _COMPARED.search(left):
        return True
    marks = list(_EARLIER.finditer(left))
    return bool(marks) and not _COMING.search(left, marks[-1].end())
