"""The settings that an article describes, each with its clues.

Most articles describe one. Where two or three are told apart, by their places or as *the first* and *the
other*, each clue goes to the one its sentence speaks of; who runs them is shared, unless one has an owner
of its own.
"""

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from linker.clues.judgements import SAME, Judged
from linker.clues.places import PlaceNamed
from linker.reading import Reading, Sentence
from storage.records import Clue

_SEVERAL = re.compile(
    r"\b(?:two|both|pair of|three)\b[^.;]{0,45}\b(?:homes|properties|houses|reports|services|settings)\b"
    r"|\bsister (?:home|property|house|service)\b|\b(?:its|the home's) counterpart\b|\bboth (?:homes"
    r"|of them)\b"
    r"|\b(?:a )?second (?:[\w'-]+ )?(?:home|property|house|service|one)\b"
    r"|\banother (?:of (?:its|the \w+'s) (?:other )?)?(?:children's )?homes?\b|\bone of its other homes\b"
    r"|\bthe other (?:home|one|house|property)\b"
)
_FIRST = re.compile(
    r"(?:(?<=\n)|(?<=[.:;,-] ))one(?=(?:,| of them,?)? (?:in|near|run by|owned by|operated by)\b)"
    r"(?! in (?:every|two|three|four|five|six|seven|eight|nine|ten|\d+)\b)"
    r"|\b(?:at |in |to )?the first(?: (?:home|one|house|property|report|of (?:the two|these"
    r"|them)))?\b(?! (?:time|visit|inspection"
    r"|full|day|lockdown|look|of its kind|half|year|week|month|floor|aid|report of))"
    r"|\bthe (?:larger|bigger|older|former)(?: of the two| home)?\b|\bone of (?:its|the"
    r"|their) (?:two )?(?:homes|houses|properties)\b"
)
_OTHER = re.compile(
    r"\bthe second(?: (?:home|one|house|property|report))?\b(?! (?:time|visit|inspection|day|lockdown"
    r"|year|week|month|half|floor))"
    r"|\b(?:a|its|their) second (?:[\w'-]+ )?(?:home|house|property|service)\b|\bthe other(?: (?:home"
    r"|one|house|property|report))?\b(?! (?:children|young|two|side|hand|end|three|areas|day))"
    r"|\bsister (?:home|house|property|service)\b|\b(?:its|whose) counterpart\b"
    r"|\bthe smaller of the two\b|\bthe latter\b"
    r"|\banother of (?:its|the \w+'s) homes\b|\bone of its other homes\b"
)
_BOTH = re.compile(r"\b(?:both|the two (?:homes|reports|houses|properties)|two of its|neither)\b")
_THING = re.compile(r"\b(?:homes?|property|properties|house|service|(?:one|the other),? (?:in|near))\b")
_TOGETHER = re.compile(r"\b(?:were|have been|both)\b")
_SHARED = frozenset({"sector", "setting_kind", "inspection_kind"})
_FACTS = frozenset({"judgement", "visit", "capacity", "area_judgement"})
_ANCHORS = ("home", "lead", "told")
_MOST = 3


@dataclass(frozen=True, kw_only=True)
class Mention:
    """One setting that the article describes, with the clues that belong to it."""

    number: int
    reading: Reading
    clues: tuple[Clue, ...]
    by_kind: dict[str, list[Clue]] = field(default_factory=dict, compare=False)

    def __post_init__(self) -> None:
        for clue in self.clues:
            self.by_kind.setdefault(clue.kind, []).append(clue)

    def of(self, kind: str) -> Sequence[Clue]:
        """The clues of one kind, in the order of the text."""
        return self.by_kind.get(kind, ())

    def strongest(self, kind: str) -> Clue | None:
        """The clue of a kind that is surest; of equal ones the first."""
        return max(self.of(kind), key=lambda clue: clue.confidence, default=None)

    def grade(self, kind: str = "judgement", area: str = "overall") -> tuple[Clue, float] | None:
        """The grade most told, with the share of what was told that agrees."""
        votes: dict[str, float] = defaultdict(float)
        first: dict[str, Clue] = {}
        for clue in (*self.of(kind), *(self.of("area_judgement") if kind == "judgement" else ())):
            judged: Judged = clue.value
            if not _speaks_of(judged, area):
                continue
            votes[judged.grade] += clue.confidence * (3.0 if clue.field == "title" else 1.0)
            if judged.grade not in first or (clue.field == "text" and first[judged.grade].field == "title"):
                first[judged.grade] = clue
        if not votes:
            return None
        best = max(votes, key=lambda grade: votes[grade])
        return first[best], votes[best] / sum(votes.values())


def _speaks_of(judged: Judged, area: str) -> bool:
    """A grade in every area is the overall grade as well."""
    return area in (judged.area, "any") or (
        judged.area == "all" and area == "overall" and judged.grade != SAME
    )


def of(reading: Reading, clues: Sequence[Clue]) -> list[Mention]:
    """The settings an article describes; one where nothing tells them apart."""
    whole = [Mention(number=0, reading=reading, clues=tuple(clues))]
    if not _SEVERAL.search(reading.low):
        return whole
    by_place = _by_place(reading, clues)
    placed = len({slot for _, slot in by_place}) > 1
    anchors = by_place if placed else _by_order(reading)
    if not anchors:
        return whole
    split = _split(reading, clues, anchors, by_place=placed)
    kept = [one for one in split if any(clue.kind in ("judgement", "visit") for clue in one)]
    if len(kept) < 2:
        return whole
    return [Mention(number=number, reading=reading, clues=tuple(one)) for number, one in enumerate(kept)]


def _by_place(reading: Reading, clues: Sequence[Clue]) -> list[tuple[int, int]]:
    """(position, slot) of each name of a place in which one of the homes lies."""
    named = [
        clue
        for clue in clues
        if clue.kind == "place" and clue.value.role in _ANCHORS and _is_fine(clue.value)
    ]
    slots: list[set[str]] = []
    for clue in named:
        if _is_telling(reading, clue, clues):
            own = _own(clue.value)
            if not any(own & slot for slot in slots) and len(slots) < _MOST:
                slots.append(own)
    anchors = []
    for clue in named:
        slot = next((number for number, slot in enumerate(slots) if _own(clue.value) & slot), None)
        if slot is not None:
            anchors.append((reading.position(clue), slot))
    return sorted(anchors + list(_counterparts(reading, anchors, len(slots))))


def _is_fine(named: PlaceNamed) -> bool:
    return named.place.kind not in ("region", "area")


def _own(named: PlaceNamed) -> set[str]:
    return {authority for authority, weight in named.place.authorities.items() if weight >= 1}


def _is_telling(reading: Reading, clue: Clue, clues: Sequence[Clue]) -> bool:
    """Whether a home's place, or one that stands beside a home's, comes with a grade or a visit."""
    sentence = reading.sentence_at(reading.position(clue))
    if clue.value.role != "home" and not _THING.search(reading.low, sentence.start, sentence.end):
        return False
    number = sentence.number
    return any(
        one.kind in _FACTS and 0 <= reading.sentence_at(reading.position(one)).number - number <= 1
        for one in clues
    )


def _counterparts(
    reading: Reading, anchors: Sequence[tuple[int, int]], slots: int
) -> Iterator[tuple[int, int]]:
    """``Its counterpart`` and the like, where two places are told apart: the other than the one before."""
    if slots != 2:
        return
    positions = sorted(anchors)
    for found in _OTHER.finditer(reading.low):
        before = bisect_right(positions, (found.start(), _MOST)) - 1
        sentence = reading.sentence_at(found.start())
        own = any(sentence.start <= position < sentence.end for position, _ in positions)
        if before >= 0 and not own:
            yield found.start(), 1 - positions[before][1]


def _by_order(reading: Reading) -> list[tuple[int, int]]:
    """(position, slot) of *the first* and *the other*."""
    firsts = [(found.start(), 0) for found in _FIRST.finditer(reading.low)]
    others = [(found.start(), 1) for found in _OTHER.finditer(reading.low)]
    return sorted(firsts + others) if firsts and others else []


def _split(
    reading: Reading, clues: Sequence[Clue], anchors: Sequence[tuple[int, int]], *, by_place: bool
) -> list[list[Clue]]:
    count = _count(anchors)
    split: list[list[Clue]] = [[] for _ in range(count)]
    own = _owners(reading, clues, anchors)
    for clue in clues:
        if clue.kind == "operator":
            slots: Sequence[int] = [
                slot for slot in range(count) if slot not in own or _is_of(clue, own[slot])
            ]
        elif clue.kind == "place":
            slots = _of_place(reading, clue, anchors, by_place=by_place)
        else:
            slots = _slots(reading, clue, anchors, count)
        for slot in slots:
            split[slot].append(replace(clue, mention=slot))
    return split


def _count(anchors: Sequence[tuple[int, int]]) -> int:
    return max(slot for _, slot in anchors) + 1


def _owners(
    reading: Reading, clues: Iterable[Clue], anchors: Sequence[tuple[int, int]]
) -> Mapping[int, set[str]]:
    """By setting: who is told to run it where that is told of it alone; nobody's where all have the same."""
    own: dict[int, set[str]] = defaultdict(set)
    for clue in clues:
        if clue.kind == "operator" and clue.value.role == "operator":
            position = reading.position(clue)
            sentence = reading.sentence_at(position)
            here = [(at, slot) for at, slot in anchors if sentence.start <= at < sentence.end]
            for slot in _of_sentence(reading, sentence, (position, here), anchors) if here else ():
                own[slot] |= _providers(clue) or {clue.value.name}
    return {} if len(own) > 1 and len(set(map(frozenset, own.values()))) == 1 else own


def _is_of(clue: Clue, owners: Collection[str]) -> bool:
    return not (_providers(clue) or {clue.value.name}).isdisjoint(owners)


def _providers(clue: Clue) -> set[str]:
    return {one.provider for one in clue.value.owners}


def _slots(reading: Reading, clue: Clue, anchors: Sequence[tuple[int, int]], count: int) -> Sequence[int]:
    """Which settings a clue speaks of: those of the nearest anchor, or all of them."""
    position, everyone = reading.position(clue), range(count)
    if clue.kind in _SHARED:
        return everyone
    sentence = reading.sentence_at(position)
    here = [(at, slot) for at, slot in anchors if sentence.start <= at < sentence.end]
    return _of_sentence(reading, sentence, (position, here), anchors) or everyone


def _of_place(
    reading: Reading, clue: Clue, anchors: Sequence[tuple[int, int]], *, by_place: bool
) -> Sequence[int]:
    """The setting that lies in a place told where one speaks of it; nobody's where that one has its own."""
    position = reading.position(clue)
    sentence = reading.sentence_at(position)
    here = [(at, slot) for at, slot in anchors if sentence.start <= at < sentence.end]
    own = [slot for at, slot in here if at == position]
    if own or not here or not _is_fine(clue.value):
        return own or range(_count(anchors))
    return () if by_place else _of_sentence(reading, sentence, (position, here), anchors)


def _of_sentence(
    reading: Reading,
    sentence: Sentence,
    placed: tuple[int, Sequence[tuple[int, int]]],
    anchors: Sequence[tuple[int, int]],
) -> Sequence[int]:
    position, here = placed
    both = _BOTH.search(reading.low, sentence.start, sentence.end)
    if here:
        before = [(at, slot) for at, slot in here if at <= position]
        if not before and _SEVERAL.search(reading.low, sentence.start, here[0][0]):
            return ()
        if both and len(before) > 1 and _TOGETHER.search(reading.low, before[-1][0], position):
            return ()
        return [before[-1][1] if before else here[0][1]]
    if both:
        return ()
    earlier = [slot for at, slot in anchors if reading.body_starts <= at < sentence.start]
    return earlier[-1:]
