"""How many the home is registered for, and how many live there: words more than digits."""

import re
from collections.abc import Iterator

from linker.reading import Reading, Sentence
from storage.records import Clue

_WORDS = {
    word: number
    for number, word in enumerate(
        [
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
            "twenty",
        ],
        1,
    )
}
_N = r"(?P<n>\d{1,2}|" + "|".join(_WORDS) + r"|single|a single)"
_PEOPLE = (
    r"(?:\w+ ){0,2}?(?:children|young people|youngsters|child\b|young person|teenagers|teens|boys"
    r"|girls|residents|young residents|people|kids|occupants|young (?:men|women)|at a time|\d+|aged)"
)
_CAPACITY = (
    rf"(?<!in )\b{_N}(?:-| (?=bed(?:ded|room)|place))(?:bed|place|bedroom|person|child)(?:ded|roomed"
    rf"|s)?\b(?! and breakfast)",
    rf"\b{_N} (?:bed|place)\b(?= \w+(?: \w+)? (?:home|house|unit))",
    rf"\b(?:up to|maximum of|max of|no more than|as many as|at most)\s+(?:just )?{_N}(?= {_PEOPLE}|\b)",
    rf"\bregistered (?:to (?:care|provide care|look after|accommodate|house)(?: for)? |to take "
    rf"|for )(?:a maximum of |up to |just )?{_N}\b",
    rf"\b(?:places|room|space|beds?|capacity|accommodation|provision) (?:for|of) (?:up to |just "
    rf"|only )?{_N}\b(?! (?:per|years|months|weeks|days))",
    rf"\b(?:has|with|have|offers?|provides?|its|of|only|just) (?:only |just |room for |places for "
    rf"|space for )?{_N} (?:places|beds|bedrooms)\b",
    rf"\b(?:can|could|to|permitted to|allowed to|able to) (?:care for|look after|accommodate|house|hold"
    rf"|take|take in|have) (?:just |only )?{_N} (?={_PEOPLE})",
    rf"\baccommodat(?:es|ing) {_N}\b",
    rf"\b{_N} (?:children|young people|youngsters|young persons|child) (?:can|could|may) (?:live|stay)",
    rf"\b(?:home|house|unit|facility|setting|service|provision) (?:is )?(?:designed |run "
    rf"|operated )?for (?:just |only )?{_N} (?={_PEOPLE})",
    rf"\b(?:run|operated|managed|owned|home|house|ltd|limited|council"
    rf"|registered)\b[^,.;]{{0,40}} for {_N} (?:child|children|young people|young person)\b",
    rf"\bregistered for {_N}\b",
)
_RESIDENTS = (
    rf"\b{_N} (?:children|young people|youngsters|child|young person|residents|teenagers) (?:were|was"
    rf"|are|is)? ?(?:currently |then )?(?:living|live|lived|resident|staying|accommodated|at the home)",
    rf"\b(?:home to|caring for|cares for|cared for|looking after|looks after|housing|houses"
    rf"|looked after) (?:just |only )?{_N} (?={_PEOPLE})",
    rf"\b{_N} (?:school-aged )?residents\b",
)
_CAPACITY_ANY = tuple(re.compile(pattern) for pattern in _CAPACITY)
_RESIDENTS_ANY = tuple(re.compile(pattern) for pattern in _RESIDENTS)
_ANOTHER = re.compile(
    r"\b(?:second|another|new|next|sister|planned?|application|proposal|other) (?:\w+ ){0,3}(?:homes?"
    r"|house|property|unit)\b"
    r"|\bdue to open\b|\bwill open\b|\bplans? (?:to|for)\b|\bsimilar\b|\bterm\b|\bcouncils? runs\b"
)
_NOT_PLACES = re.compile(
    r"\s*(?:weeks?|months?|years?|days?|hours?|minutes?|per cent|%|staff|inspectors|requirements"
    r"|recommendations"
    r"|homes|occasions|times|miles|people to|managers|employees|adults|workers|councillors|authorities"
    r"|other|different)"
)
_NUMBER = re.compile(rf"\d|\b(?:{'|'.join(_WORDS)}|single)")
_QUICK = re.compile(
    r"\b(?:bed|beds|place|places|up to|more than|most|maximum|registered|room|space|capacity|child"
    r"|children|people|youngsters|teenagers|residents|accommodat\w+)\b|-(?:bed|place|child|person)"
)


def find(reading: Reading) -> list[Clue]:
    """``capacity`` (places the home is registered for) and ``residents`` (those who live there)."""
    return [clue for sentence in reading.told() for clue in _in_sentence(reading, sentence)]


def number(word: str) -> int:
    """A number in digits or words; ``single`` is one."""
    if word.isdigit():
        return int(word)
    return 1 if "single" in word else _WORDS[word]


def _in_sentence(reading: Reading, sentence: Sentence) -> Iterator[Clue]:
    low = reading.low[sentence.start : sentence.end]
    if not (_NUMBER.search(low) and _QUICK.search(low)):
        return
    other = _ANOTHER.search(low) or "in one place" in low
    taken: list[tuple[int, int]] = []
    for kind, patterns in (("capacity", _CAPACITY_ANY), ("residents", _RESIDENTS_ANY)):
        for pattern in patterns:
            for found in pattern.finditer(low):
                first, last = found.span("n")
                if any(a < last and first < b for a, b in taken) or _NOT_PLACES.match(low, last):
                    continue
                taken.append((first, last))
                value = number(found["n"])
                if 1 <= value <= 60 and low[first - 1 : first] not in (".", ",", "£"):
                    confidence = 0.25 if other else 1.0
                    yield reading.clue(
                        kind, sentence.start + found.start(), sentence.start + found.end(), value, confidence
                    )
