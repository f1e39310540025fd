"""What the reports say beside days and grades, and how common each of it is.

A report's own words on whom the home is for, on the manager's post and on what the regulator demands; names
of people are no part of it.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from linker.clues.enforcement import is_restricted
from linker.clues.needs import Ages, ages_of, needs_of, sexes_of
from linker.clues.posts import Post, post_in

_ABOUT = 4_000
"""Characters of a report in which it tells of the home itself."""
_ENDS = re.compile(r"^(?:Inspection judgements?|What does |Statutory |Inspection history)", re.MULTILINE)
_RECOMMENDED = re.compile(r"\nRecommendations?\s*?\n(?P<rest>.*?)(?=\nInspection judgements|\Z)", re.S)
_CITED = re.compile(r"\bGuide to the\b|\bpage \d+, paragraph")
_ITEM = re.compile(r"^\s*[■•\u25aa-]", re.MULTILINE)
_WORTH = 4.0
"""Reports that the share among all grades counts for, against that among one grade."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What one report says; None or nothing where it is silent."""

    needs: frozenset[str] = frozenset()
    ages: Ages | None = None
    sexes: frozenset[str] = frozenset()
    post: Post | None = None
    requirements: int | None = None
    notices: int | None = None
    recommendations: int | None = None
    restriction: bool = False
    regulations: frozenset[int] = frozenset()


COUNTED: Mapping[str, Callable[[Finding], Hashable]] = {
    "requirements": lambda one: one.requirements,
    "notices": lambda one: one.notices,
    "recommendations": lambda one: one.recommendations,
    "restriction": lambda one: one.restriction,
    "manager": lambda one: one.post and one.post.state,
}
"""What is counted by grade."""


def finding(facts: Mapping[str, Any], text: str) -> Finding:
    """What a report says, from its facts (``import reports --json``) and its text."""
    low = text[: (ends.start() if (ends := _ENDS.search(text)) else _ABOUT)]
    about = low.lower()
    demanded = facts.get("requirements")
    return Finding(
        needs=frozenset().union(*(needs_of(need.lower()) for need in facts.get("needs") or ())),
        ages=ages_of(about) if "age" in about or " years" in about else None,
        sexes=sexes_of(about),
        post=_post(facts.get("registered_manager_since"), low),
        requirements=None if demanded is None else len(demanded),
        notices=None if demanded is None else len(facts.get("compliance_notice") or ()),
        recommendations=_recommendations(text),
        restriction=is_restricted(text),
        regulations=frozenset(one for one in demanded or () if one),
    )


def _post(since: str | None, about: str) -> Post | None:
    told = post_in(f"The manager was registered in {since}." if since else about)
    return told if told or not since else None


def _recommendations(text: str) -> int | None:
    """How many the report makes; None where it has no such heading."""
    found = _RECOMMENDED.search(text)
    if found is None:
        return None
    return max(len(_CITED.findall(found["rest"])), len(_ITEM.findall(found["rest"]))) or None


class Findings:
    """The findings by inspection and by home, and the shares of what they say."""

    def __init__(self, told: Iterable[tuple[str, int, str | None, Finding]] = ()) -> None:
        """Of (inspection id, setting's number, overall grade, finding)."""
        self._of: dict[str, Finding] = {}
        self._homes: dict[int, Finding] = {}
        self._by_grade: dict[str, dict[str | None, Counter[Hashable]]] = defaultdict(
            partial(defaultdict, Counter)
        )
        self._regulations: dict[str | None, Counter[int]] = defaultdict(Counter)
        for inspection, setting, grade, one in told:
            self._of[inspection] = one
            self._homes[setting] = _together(self._homes[setting], one) if setting in self._homes else one
            for kind, value in COUNTED.items():
                self._by_grade[kind][grade][value(one)] += 1
                self._by_grade[kind]["any"][value(one)] += 1
            for grades in (grade, "any"):
                self._regulations[grades].update(one.regulations)
        self._needs = Counter(one.needs for one in self._homes.values() if one.needs)
        self._ages = Counter(one.ages for one in self._homes.values() if one.ages)
        self._sexes = Counter(one.sexes for one in self._homes.values() if one.sexes)
        self._shares: dict[frozenset[str], Mapping[str, float]] = {}

    def __len__(self) -> int:
        return len(self._of)

    def of(self, inspection: str) -> Finding | None:
        """What an inspection's report says."""
        return self._of.get(inspection)

    def of_home(self, setting: int) -> Finding | None:
        """What a home's reports say together of whom it is for."""
        return self._homes.get(setting)

    def share(self, kind: str, grade: str | None, suits: Callable[[Any], bool]) -> float:
        """The share of the reports of a grade whose value suits, drawn towards that of all reports."""
        every = _share(self._by_grade[kind]["any"], suits, 0.1, 1.0)
        return _share(self._by_grade[kind][grade], suits, every, _WORTH)

    def tells(self, kind: str, value: Hashable) -> bool:
        """Whether any report says that."""
        return bool(self._by_grade[kind]["any"][value])

    def regulation_share(self, number: int, grade: str | None) -> float:
        """The share of a grade's reports with a requirement under a regulation."""
        whole = sum(self._by_grade["requirements"][grade].values())
        every = sum(self._by_grade["requirements"]["any"].values())
        common = (self._regulations["any"][number] + 0.5) / (every + 1)
        return (self._regulations[grade][number] + _WORTH * common) / (whole + _WORTH)

    def needs_shares(self, said: frozenset[str]) -> Mapping[str, float]:
        """The shares of the homes with all, some or none of these needs."""
        if said not in self._shares:
            self._shares[said] = self._needs_shares(said)
        return self._shares[said]

    def _needs_shares(self, said: frozenset[str]) -> Mapping[str, float]:
        counts = {"exact": 0.5, "close": 0.5, "contrary": 0.5}
        for needs, homes in self._needs.items():
            counts[alike(said, needs)] += homes
        whole = sum(counts.values())
        return {level: count / whole for level, count in counts.items()}

    def ages_share(self, suits: Callable[[Ages], bool]) -> float:
        """The share of the homes with such ages, of those that give any."""
        return _share(self._ages, suits, 0.2, 2.0)

    def sexes_share(self, said: frozenset[str]) -> float:
        """The share of the homes for these, of those that say so."""
        return _share(self._sexes, lambda one: one == said, 0.4, 2.0)


def alike(said: frozenset[str], known: frozenset[str]) -> str:
    """``exact`` where all needs said are known, ``close`` where some are, else ``contrary``."""
    shared = said & known
    return "exact" if shared == said else "close" if shared else "contrary"


def _together(one: Finding, other: Finding) -> Finding:
    return Finding(needs=one.needs | other.needs, ages=other.ages or one.ages, sexes=other.sexes or one.sexes)


def _share(counts: Mapping[Any, int], suits: Callable[[Any], bool], usual: float, worth: float) -> float:
    told = {value: count for value, count in counts.items() if value is not None}
    suiting = sum(count for value, count in told.items() if suits(value))
    return (suiting + worth * usual) / (sum(told.values()) + worth)
