"""Councils named, and whether one runs the home, or only speaks for the area it lies in."""

import re
from collections.abc import Callable, Iterator

from linker.clues.operators import OperatorNamed
from linker.gazetteer import Gazetteer, Place
from linker.owners import Likeness
from linker.reading import Reading
from storage.records import Clue

_TAIL = re.compile(
    r"(?:'s)?(?: city| county| borough| metropolitan| district| unitary)*(?: council)\b", re.IGNORECASE
)
_HEAD = re.compile(r"\b(?:city|borough|county|council|london borough|metropolitan borough) of $")
_RUN_BY = re.compile(
    r"(?:run|operated|owned|managed|provided|staffed)(?: and (?:run|operated|managed|owned"
    r"|staffed))? by (?:the )?$"
    r"|belong(?:s|ing) to (?:the )?$|home of (?:the )?$"
)
_ITS_OWN = re.compile(
    r"(?:'s)? (?:own )?(?:[\w'-]+ )?(?:short-break |respite |children's |childrens "
    r"|residential )*(?:home|facility)\b|[- ](?:run|owned|operated)\b"
    r"|'s (?:own |children's |\w+ ){0,3}homes?\b"
    r"|[^.]{0,90}\bone of (?:its|the authority's|the council's"
    r"|their) (?:own )?(?:[\w'-]+ ){0,2}(?:homes?|facilities)\b"
    r"|[^.]{0,60}\b(?:home|homes) (?:that )?(?:the authority|the council|it) (?:runs|owns|operates)\b"
    r"|[^.]{0,60}\bits own (?:[\w'-]+ ){0,3}homes?\b|,? (?:which|who) (?:runs|owns|operates) (?:the"
    r"|it)\b| (?:runs|owns|operates) the home\b"
)
_SECTORS = (
    (
        "Local Authority",
        re.compile(
            r"\b(?:city |county |borough |local )?(?:council|authority)[- ](?:run|owned|operated"
            r"|managed)\b|\bcouncil's own\b"
            r"|\bour (?:\w+ )?children's home\b|\b(?:run|owned|operated|managed) by (?:the )?(?:city "
            r"|county |borough |local )?(?:council|authority)\b"
            r"|\b(?:council|authority|county hall)(?:'s| bosses)? [^.]{0,40}\b(?:own"
            r"|their own) children's homes?\b|\bcouncil (?:children's )?home\b"
            r"|\b(?:the|their|its) own children's homes\b|\bone of the (?:council"
            r"|authority)'s (?:own )?(?:[\w'-]+ )?homes\b"
            r"|\b(?:council|authority) runs (?:a number|several|the home)\b|\bwe (?:are"
            r"|must be) the corporate parent|\bon ourselves\b"
        ),
    ),
    (
        "Private",
        re.compile(
            r"\bprivate(?:ly)?[- ](?:run|owned|operated)\b|\bprivate (?:company|firm|operator|provider"
            r"|home|children's home|business)\b"
            r"|\bindependently[- ](?:run|owned)\b|\bin private hands\b|\b(?:the|a) (?:company|firm"
            r"|business) (?:that|which|who) (?:runs|owns|operates|is behind)\b"
            r"|\bprivately operated\b|\bprivate \w+ (?:children's )?home\b"
            r"|\bthe (?:private )?company (?:responsible|in charge|behind)\b"
        ),
    ),
    (
        "Voluntary",
        re.compile(
            r"\bcharity[- ]run\b|\b(?:run|owned|operated|managed) by (?:a|the) charity\b"
            r"|\bcharity (?:that|which) (?:runs|owns)\b"
        ),
    ),
)
_NOT_THIS_HOME = re.compile(
    r"\bhomes\b.{0,40}\b(?:privately|council|private)|\bno say over\b|\ba second (?!time)|\bthe running of\b"
    r"|\bother\b"
)


def find(reading: Reading, gazetteer: Gazetteer, runs: Callable[[Place], tuple[str, ...]]) -> list[Clue]:
    """Councils as operators or only named; ``runs`` gives the providers that an authority's council is."""
    clues = []
    for start, end, place in gazetteer.find(reading.low):
        span = _council(reading, start, end)
        if span and reading.is_told(start):
            clues.append(_named(reading, span, place, runs))
    return clues


def sectors(reading: Reading) -> Iterator[Clue]:
    """Whether the home is a council's, private or a charity's, in so many words."""
    for sentence in reading.told():
        low = reading.low[sentence.start : sentence.end]
        for sector, pattern in _SECTORS:
            found = pattern.search(low)
            if found and not _NOT_THIS_HOME.search(low):
                confidence = 1.0 if sentence.number <= 4 else 0.7
                start = sentence.start + found.start()
                yield reading.clue("sector", start, sentence.start + found.end(), sector, confidence)


def _council(reading: Reading, start: int, end: int) -> tuple[int, int] | None:
    tail = _TAIL.match(reading.low, end)
    if tail:
        head = _HEAD.search(reading.low, max(0, start - 25), start)
        return (head.start() if head else start, tail.end())
    head = _HEAD.search(reading.low, max(0, start - 25), start)
    return (head.start(), end) if head and "council" in head.group() else None


def _named(
    reading: Reading, span: tuple[int, int], place: Place, runs: Callable[[Place], tuple[str, ...]]
) -> Clue:
    start, end = span
    before, after = reading.low[max(0, start - 60) : start], reading.low[end : end + 120]
    by = _RUN_BY.search(before)
    owned = _ITS_OWN.match(after.split(". ")[0])
    value = OperatorNamed(
        name=reading.plain[start:end],
        role="operator" if by or owned else "named",
        legal=False,
        council=True,
        owners=tuple(Likeness(one, "exact", 1.0) for one in runs(place)),
    )
    return reading.clue("operator", start, end, value)
