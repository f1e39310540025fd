"""The settings that an article describes, each with its clues."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from linker.clues.judgements import Judged
from linker.reading import Reading
from storage.records import Clue


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
        for clue in self.of(kind):
            judged: Judged = clue.value
            if area not in (judged.area, "any"):
                continue
            weight = clue.confidence * (3.0 if clue.field == "title" else 1.0)
            votes[judged.grade] += weight
            if judged.grade not in first or (clue.field == "text" and first[judged.grade].field == "title"):
                first[judged.grade] = clue
        if not votes:
            return None
        best = max(votes, key=lambda grade: votes[grade])
        return first[best], votes[best] / sum(votes.values())


def of(reading: Reading, clues: Iterable[Clue]) -> list[Mention]:
    """The settings an article describes; one where nothing tells them apart."""
    return [Mention(number=0, reading=reading, clues=tuple(clues))]
