"""How many homes the owner is said to run: the only one, one of three, four in all."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from linker.clues.numbers import number
from linker.reading import Reading, Sentence
from storage.records import Clue

_N = (
    r"(?P<n>\d{1,3}|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen"
    r"|sixteen|seventeen|eighteen|nineteen|twenty)"
)
_OWNER = (
    r"(?:firm|company|council|authority|charity|group|trust|provider|organisation|operator|business"
    r"|owners?|it)"
)
_HOMES = r"(?:[\w'-]+ ){0,2}?homes?\b"
_ONLY = re.compile(
    rf"\b(?:its|whose|(?:the |a )?\w+'s) (?:only|sole) {_HOMES}(?P<here> (?:in|near) (?:the )?\w+)?"
    rf"|\b(?:the )?only {_HOMES}(?P<there> in the \w+)?,? (?:that |which )?(?:the |is )?(?:\w+ )?{_OWNER}"
    r" (?:runs|operates|owns|has|manages)"
    rf"|\bthe only one (?:that |which )?(?:the )?(?:\w+ )?{_OWNER} (?:runs|operates|owns|has|manages)"
)
_ONE_OF = re.compile(
    rf"\bone of (?:just |only |its |the (?:\w+'s )?|their )*{_N} (?:[\w'-]+ ){{0,3}}?homes\b"
    r"(?P<rest>[^.;]{0,60})"
)
_RUNS = re.compile(
    rf"\b(?:{_OWNER}|which|that|who|and) (?:also |now |currently |already )?(?:runs|operates|owns|manages)"
    rf" (?P<further>another |a further )?{_N} (?P<other>other |more |further )?{_HOMES}"
)
_OWNED = re.compile(
    rf"\b(?:its|run|runs|operated|operates|owned|owns|managed|{_OWNER}'s|council-run|{_OWNER})\b"
)
_ELSEWHEN = re.compile(
    r"\b(?:will|would|plans?|hopes?|wants?|by 20\d\d|used to|once|formerly|not one|nationally|rated|inspected"
    r"|ofsted (?:rated|found|inspected)|in england|of which|if they)\b"
)


@dataclass(frozen=True, kw_only=True)
class Holding:
    """How many homes the owner has, this one included; ``here`` where only those of its area are meant."""

    homes: int
    here: bool = False

    def __str__(self) -> str:
        count = "the only home" if self.homes == 1 else f"one of {self.homes} homes"
        return f"{count} in the area" if self.here else count


def find(reading: Reading) -> list[Clue]:
    """``holding``: the number of homes the owner is said to run."""
    return [clue for sentence in reading.told() for clue in _in_sentence(reading, sentence)]


def _in_sentence(reading: Reading, sentence: Sentence) -> Iterator[Clue]:
    low = reading.low[sentence.start : sentence.end]
    if "home" not in low and "only one" not in low:
        return
    sure = 0.3 if _ELSEWHEN.search(low) else 0.8
    for found in _ONLY.finditer(low):
        value = Holding(homes=1, here=bool(found["here"] or found["there"]))
        yield reading.clue(
            "holding", sentence.start + found.start(), sentence.start + found.end(), value, sure
        )
    for found in _ONE_OF.finditer(low):
        if _OWNED.search(found.group()):
            end = sentence.start + found.start("rest")
            yield reading.clue(
                "holding", sentence.start + found.start(), end, Holding(homes=number(found["n"])), sure
            )
    for found in _RUNS.finditer(low):
        more = bool(found["further"] or found["other"])
        value = Holding(homes=number(found["n"]) + more)
        yield reading.clue(
            "holding", sentence.start + found.start(), sentence.start + found.end(), value, sure
        )
