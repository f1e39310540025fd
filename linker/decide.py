"""From weights to a decision: posteriors over candidates and over what is not in the register, rolled up.

The link is asserted at the finest level that is certain enough: this inspection, else this setting, else
this provider, else nothing, and then the answer says why.
"""

import math
from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

from linker.model import Model, Saying
from linker.register import Register
from linker.weighing.comparison import Candidate, Weighed
from storage.vocabulary import Answer, Level

_ANY_HOME = frozenset({"operator", "place", "sector", "setting_kind"})
_ANY_PLACE = _ANY_HOME | {"constituency"}
_OF_OWNER = _ANY_PLACE - {"operator", "sector"}
_GROUNDS = 2.5
"""Bits of anything else that a setting needs to be asserted without its inspection."""
_AGAINST = -1.0
"""Bits from which a comparison speaks against a record, and is not merely of little use."""

Key = TypeVar("Key", bound=Hashable)


class Scored(NamedTuple):
    """A candidate with what was weighed, its total in log2 and its posterior."""

    candidate: Candidate
    weighed: tuple[Weighed, ...]
    total: float
    probability: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Odds:
    """All hypotheses of a mention: scored candidates, providers' other homes, and none in the register."""

    scored: tuple[Scored, ...]
    other_homes: Mapping[str, float]
    none: float


@dataclass(frozen=True, kw_only=True)
class Decision:
    """What is said of a mention, and how sure."""

    level: Level
    answer: Answer
    probability: float
    best: Scored | None
    provider: str | None
    margin: float | None
    shown: tuple[Scored, ...]


@dataclass(frozen=True, kw_only=True)
class Priors:
    """log2 prior of each hypothesis."""

    inspection: float
    unrecorded: float
    other_home: float
    none: float


def posteriors(scored: Sequence[Scored], other_homes: Mapping[str, float], none: float, scale: float) -> Odds:
    """Normalise log2 scores to probabilities that sum to one over all hypotheses."""
    totals = (
        [one.total * scale for one in scored] + [one * scale for one in other_homes.values()] + [none * scale]
    )
    most = max(totals)
    sizes = [2.0 ** max(total - most, -60.0) for total in totals]
    whole = sum(sizes)
    shares = [size / whole for size in sizes]
    kept = tuple(
        Scored(one.candidate, one.weighed, one.total, share)
        for one, share in zip(scored, shares, strict=False)
    )
    others = dict(zip(other_homes, shares[len(scored) : -1], strict=True))
    return Odds(
        scored=tuple(sorted(kept, key=lambda one: -one.probability)), other_homes=others, none=shares[-1]
    )


def decide(
    odds: Odds,
    register: Register,
    model: Model,
    why_not: Callable[[Odds], Answer],
    brands: Collection[str] = (),
    *,
    new: bool = False,
) -> Decision:
    """The finest level that is certain enough; the five likeliest candidates are kept either way.

    ``brands``: providers told of by a group's name only, which may stand for other companies of the group.
    ``new``: the home is said to be new; then one that is likeliest in no register has no provider there yet.
    """
    for level, best, provider, probability in _levels(odds, register):
        if new and level == "provider" and is_none_of_its_homes(odds):
            continue
        if level == "setting" and best and grounding(best) < 0:
            continue
        if best and not _is_told_of(best, _OF_OWNER if level == "provider" else _ANY_PLACE):
            continue
        needed = model.certain if level == "provider" else bar(model, best)
        if probability >= needed and not (level == "provider" and provider in brands):
            return Decision(
                level=level,
                answer="asserted",
                probability=model.calibrated(probability, "asserted"),
                best=best,
                provider=provider,
                margin=_margin(odds),
                shown=_five(odds, model, "asserted"),
            )
    return Decision(
        level="none",
        answer=why_not(odds),
        probability=odds.none,
        best=None,
        provider=None,
        margin=_margin(odds),
        shown=_five(odds, model, "doubtful"),
    )


def is_none_of_its_homes(odds: Odds) -> bool:
    """Whether the home is likelier another home of a provider, in no register, than any that is in one."""
    return max(odds.other_homes.values(), default=0.0) > 0.5


def grounding(best: Scored) -> float:
    """Bits by which enough speaks for a setting beside who runs it and where it lies.

    That much is true of every other home the operator may have there, registered or not.
    """
    return sum(one.weight for one in best.weighed if one.kind not in _ANY_HOME) - _GROUNDS


def bar(model: Model, best: Scored | None) -> float:
    """Posterior from which a home is asserted: higher where more than one fact told is otherwise on record.

    The press gets one wrong in many true stories. With two it is likelier a home that no register has, and
    the record at hand the one that comes nearest to it.
    """
    against = sum(one.weight <= _AGAINST for one in best.weighed) if best else 0
    return max(model.certain, model.certain_though_contrary) if against > 1 else model.certain


def _is_told_of(best: Scored, beside: Collection[str]) -> bool:
    """Whether the article itself says something that speaks for the record, ``beside`` who and where.

    That its report was the last one published there is true of some inspection on any day, and of the
    operator's next home there once the true one is in no register.
    """
    return any(one.weight > 0 and one.clue is not None and one.kind not in beside for one in best.weighed)


def _levels(odds: Odds, register: Register) -> Iterator[tuple[Level, Scored | None, str | None, float]]:
    """The likeliest inspection, setting and provider, each with its record and probability."""
    owners = [_owner(register, one.candidate) for one in odds.scored]
    recorded = next((one for one in odds.scored if one.candidate.inspection is not None), None)
    if recorded:
        yield "inspection", recorded, _owner(register, recorded.candidate), recorded.probability
    settings = _summed((one.candidate.setting, one.probability) for one in odds.scored)
    if settings:
        setting = max(settings, key=lambda one: settings[one])
        best = next(one for one in odds.scored if one.candidate.setting == setting)
        yield "setting", best, _owner(register, best.candidate), settings[setting]
    pairs = zip(owners, odds.scored, strict=True)
    providers = _summed((owner, one.probability) for owner, one in pairs if owner is not None)
    for provider, probability in odds.other_homes.items():
        providers[provider] = providers.get(provider, 0.0) + probability
    if providers:
        owner = max(providers, key=lambda one: providers[one])
        first = next((one for held, one in zip(owners, odds.scored, strict=True) if held == owner), None)
        yield "provider", first, owner, providers[owner]


def _owner(register: Register, candidate: Candidate) -> str | None:
    if candidate.inspection is not None and register.inspections[candidate.inspection].provider:
        return register.inspections[candidate.inspection].provider
    return register.settings[candidate.setting].provider


def _summed(shares: Iterable[tuple[Key, float]]) -> dict[Key, float]:
    sums: dict[Key, float] = defaultdict(float)
    for key, probability in shares:
        sums[key] += probability
    return sums


def _five(odds: Odds, model: Model, saying: Saying) -> tuple[Scored, ...]:
    """The five likeliest settings, each by its likeliest inspection."""
    shown: list[Scored] = []
    for one in odds.scored:
        if one.candidate.setting not in {held.candidate.setting for held in shown}:
            shown.append(one._replace(probability=model.calibrated(one.probability, saying)))
        if len(shown) == 5:
            break
    return tuple(shown)


def _margin(odds: Odds) -> float | None:
    """log2 odds of the likeliest hypothesis over the next."""
    sizes = sorted([one.probability for one in odds.scored[:2]] + [odds.none], reverse=True)
    if len(sizes) < 2 or not odds.scored:
        return None
    return min(math.log2(max(sizes[0], 1e-12) / max(sizes[1], 1e-12)), 60.0)
