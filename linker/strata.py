"""Kinds of labelled articles: how far they name who runs the home, and which clues they give."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from linker.labels import Label, owner_key
from linker.scoring import Scored
from linker.worlds import Outcome

_TRADE = frozenset(
    (
        *(
            "and",
            "for",
            "the",
            "of",
            "care",
            "cares",
            "caring",
            "children",
            "childrens",
            "child",
            "childcare",
        ),
        *("home", "homes", "house", "services", "service", "group", "support", "residential", "young"),
        *("people", "living", "uk", "north", "south", "east", "west", "council", "city", "county", "borough"),
        *("metropolitan", "london", "district", "company", "holdings", "education", "school", "trust"),
    )
)
"""Words that name nobody by themselves."""


@dataclass(frozen=True, kw_only=True)
class Stratum:
    """Articles of one kind, by their places in the list of all."""

    kind: str
    name: str
    articles: tuple[int, ...]


def strata(outcomes: Sequence[Outcome]) -> list[Stratum]:
    """By naming (every article stands in one) and by clue (an article stands in several)."""
    held: dict[tuple[str, str], list[int]] = defaultdict(list)
    for number, one in enumerate(outcomes):
        held["naming", naming(one.reading.low, one.label)].append(number)
        for kind in {clue.kind for linked in one.linked for clue in linked.mention.clues}:
            held["clue", kind].append(number)
    ordered = sorted(held.items(), key=lambda item: (item[0][0] != "naming", -len(item[1]), item[0][1]))
    return [Stratum(kind=kind, name=name, articles=tuple(numbers)) for (kind, name), numbers in ordered]


def naming(text: str, label: Label) -> str:
    """``named`` where a name of the labelled owner stands in the small-lettered text, ``partly named``

    where a word of it does that is no word of the trade, else ``anonymous``; ``no owner`` without one.
    """
    if not label.names:
        return "no owner"
    words = f" {owner_key(text)} "
    keys = [owner_key(name) for name in label.names]
    if any(key and f" {key} " in words for key in keys):
        return "named"
    telling = {word for key in keys for word in key.split() if len(word) > 2} - _TRADE
    return "partly named" if any(f" {word} " in words for word in telling) else "anonymous"


def of_stratum(scored: Sequence[Scored], stratum: Stratum) -> list[Scored]:
    """The scores of a stratum's articles."""
    return [scored[number] for number in stratum.articles]


def by_name(found: Iterable[Stratum]) -> Mapping[str, Stratum]:
    """The strata as they are called in tables."""
    return {f"{one.kind}: {one.name}": one for one in found}
