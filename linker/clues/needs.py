"""Whom the home is for: their needs, ages and sex, as said of the home and not of a room, a course or a firm.

The same readers read reports, so that both sides are told in the same words.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from linker.clues.numbers import number
from linker.reading import Reading, Sentence
from storage.records import Clue

_WHO = (
    r"(?:child(?:ren)?|young (?:people|persons?|men|women)|youngsters|teenagers|teens|boys|girls|residents"
    r"|adolescents|people|those|youths|kids)\b"
)
_NEEDS = tuple(
    (need, re.compile(pattern))
    for need, pattern in (
        (
            "social",
            r"\bsocial(?:,| and| or| and/or|/)[^.;]{0,40}\b(?:difficult|needs|problems|issues|health)",
        ),
        ("emotional", r"\bemotional\b[^.;]{0,45}\b(?:difficult|needs|problems|issues|disorders|health)"),
        ("behavioural", r"\bbehaviou?ral\b|\bbehaviours?\b(?! (?:support|management|plan))"),
        ("mental health", r"\bmental[- ](?:health|ill)"),
        ("learning", r"\blearning (?:disabilit|difficult|needs)|\blearning or \w+ disabilit"),
        ("physical", r"\bphysical(?:ly)? (?:disab|and \w+ disab|impair|needs)|\bphysical, "),
        ("sensory", r"\bsensory (?:impair|needs|disab|loss|difficult)|\b(?:deaf|blind)\b|\bhearing impair"),
        ("autism", r"\bautis|\basperger"),
        ("complex", r"\bcomplex (?:\w+ ){0,2}(?:needs|health|disab)"),
        ("disability", r"\bdisab"),
        ("trauma", r"\btrauma"),
        ("attachment", r"\battachments?\b"),
        ("exploitation", r"\bexploit"),
        ("sexual behaviour", r"\bsexual(?:ly)? (?:harmful )?behaviou?r|\bharmful sexual"),
        ("self-harm", r"\bself-harm"),
        ("substances", r"\bsubstance|\bdrug misuse"),
        ("short breaks", r"\bshort[- ](?:term )?breaks?\b|\brespite\b"),
    )
)
_WITH = re.compile(
    rf"\b{_WHO}(?:,? (?:aged|between|from|of either sex)[^.;]{{0,30}}?)?,?"
    r" (?:with|who (?:may )?(?:also )?(?:have|need|live with|experience|display)|living with"
    r"|experiencing|diagnosed with|suffering) (?P<needs>[^.;\"]{3,140}?)(?=[.;\"]|$"
    r"|,? (?:is|was|were|has|had|in|at|still|after|said|when|which|but|to|on|following)\b)"
)
_SUCH = re.compile(
    rf"\b(?P<needs>(?:severely |physically )?disabled|autistic|deaf|blind|traumatised) (?:\w+ )?{_WHO}"
    r"|\b(?P<breaks>short[- ]breaks?|respite)(?: care)? (?:home|centre|unit|service|setting|care|house"
    r"|facility)\b"
)
_CARES = re.compile(
    r"\b(?:car(?:es?|ing) for|look(?:s|ing)? after|provid(?:es?|ing)|registered|designed|accommodat\w+|offers"
    r"|specialis\w+|supports|run for|takes|meant for|intended for|open to|permitted|licensed"
    r"|(?:home|house|unit|setting|service|facility|places|beds|centre)(?: is)?,? (?:which is )?for|up to)\b"
)
_DENIED = re.compile(
    r"\b(?:not|never|no longer|n't)\b[^.]{0,30}\b(?:registered|equipped|suitable|meant|intended|designed"
    r"|able|for)\b"
)
_ANOTHER = re.compile(
    r"\b(?:second|another|new|next|sister|planned?|other) (?:\w+ ){0,3}(?:homes?|house|property|unit)\b"
    r"|\b(?:will|due to|plans? (?:to|for)|wants? to|hopes? to|would)\b|\bsimilar\b|\bnearby\b"
)
_FIRM = re.compile(
    r"\b(?:firm|company|organisation|charity|group|trust|provider|business)\b|\b\w+ (?:small )?homes\b"
)
_HOME = re.compile(r"\b(?:home|house|unit|setting|facility)\b")
_TEENS = (
    *("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
_AGE = rf"(\d{{1,2}}|{'|'.join(_TEENS)})"
_AGES = re.compile(
    rf"\b(?:aged|ages(?: of)?|age range(?: of)?)(?: is)?(?: between| from)? {_AGE}(?: years)?"
    rf"(?: to | and | or | ?- ?){_AGE}\b|\b{_AGE}- ?(?:to|and) ?{_AGE}-year-olds?\b"
    rf"|\bbetween {_AGE} and {_AGE} years\b"
)
_SEX = re.compile(
    r"\b(?:for|of|to|after)(?: up to| just| only)?(?: (?:\d{1,2}|a|two|three|four|five|six|seven|eight))?"
    r"(?: (?:teenage|young|adolescent|vulnerable))*"
    r" (?P<sex>boys and girls|girls and boys|males?|females?|boys|girls|young women|young men)\b"
    r"|\b(?:all-|single-sex )?(?P<only>boys|girls)(?:-only|') (?:children's )?(?:home|house|unit)\b"
)
_QUICK = re.compile(
    r" with | who |disabled|autistic|deaf|blind|trauma|break|respite|aged|ages|year-old|years|boys|girls|male"
)


class Several(frozenset[str]):
    """Names that are told together."""

    def __str__(self) -> str:
        return ", ".join(sorted(self))


class Ages(NamedTuple):
    """The youngest and the oldest the home is for, in years."""

    youngest: int
    oldest: int

    def __str__(self) -> str:
        return f"{self.youngest} to {self.oldest}"


def find(reading: Reading) -> list[Clue]:
    """``needs``, ``ages`` and ``sex`` of those the home is for: ``Several`` names, or ``Ages``."""
    return [clue for sentence in reading.told() for clue in _in_sentence(reading, sentence)]


def needs_of(phrase: str) -> Several:
    """The needs a phrase in small letters names; a disability of any kind is one."""
    needs = {need for need, pattern in _NEEDS if pattern.search(phrase)}
    return Several(needs | ({"disability"} if needs & {"learning", "physical", "sensory"} else set()))


def ages_of(phrase: str) -> Ages | None:
    """The first range of ages in a phrase in small letters."""
    for found in _AGES.finditer(phrase):
        youngest, oldest = (_years(age) for age in found.groups() if age)
        if youngest < oldest <= 25:
            return Ages(youngest, oldest)
    return None


def sexes_of(phrase: str) -> Several:
    """``boys``, ``girls`` or both, as a phrase in small letters says; empty where it does not."""
    found = _SEX.search(phrase)
    return _sexes(found["sex"] or found["only"]) if found else Several()


def _in_sentence(reading: Reading, sentence: Sentence) -> Iterator[Clue]:
    low = reading.low[sentence.start : sentence.end]
    if not _QUICK.search(low):
        return
    cares = _CARES.search(low)
    if _DENIED.search(low):
        return
    sure = 0.05 if _ANOTHER.search(low) else 0.4 if _FIRM.search(low) and not _HOME.search(low) else 0.9
    for found in (*(_WITH.finditer(low) if cares else ()), *_SUCH.finditer(low)):
        needs = needs_of(found.group())
        if needs:
            yield reading.clue(
                "needs", sentence.start + found.start(), sentence.start + found.end(), needs, sure
            )
    if not cares:
        return
    for found in _AGES.finditer(low):
        ages = ages_of(found.group())
        if ages:
            yield reading.clue(
                "ages", sentence.start + found.start(), sentence.start + found.end(), ages, sure
            )
    for found in _SEX.finditer(low):
        sexes = _sexes(found["sex"] or found["only"])
        yield reading.clue("sex", sentence.start + found.start(), sentence.start + found.end(), sexes, sure)


def _years(age: str) -> int:
    return number(age)


def _sexes(word: str) -> Several:
    girls = "girl" in word or "female" in word or "women" in word
    boys = "boy" in word or word in ("male", "males", "young men")
    return Several(name for name, told in (("boys", boys), ("girls", girls)) if told)
