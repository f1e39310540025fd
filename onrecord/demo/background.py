"""The rest of the demo's register: some three hundred settings that no story is about, always the same ones.

They make linking no child's play: other homes of the same owners and authorities, other kinds, other grades.
"""

import datetime as dt
import random
from collections.abc import Sequence
from typing import Any, Final

from onrecord.demo.frontmatter import table
from onrecord.demo.settings import CHILDRENS_HOME, Owner, Setting, Visit, featured, owners

_SEED: Final = 20250331
_COMPANIES: Final = 42
_STEMS: Final = (
    "Amble", "Brox", "Cawl", "Dapple", "Eskle", "Fothel", "Garn", "Hexel", "Ibber", "Jarl", "Kelder",
    "Lorrel", "Muckle", "Nettle", "Orrin", "Pother", "Querrin", "Rossel", "Sallow", "Thrupple", "Umber",
    "Vellow",
)  # fmt: skip
_ENDINGS: Final = ("garth", "combe", "mere", "thwaite", "hythe", "stead", "wick", "low", "den")
_TAILS: Final = (
    "Care Ltd", "Homes Limited", "Residential Ltd", "Children's Services Limited", "Care Group Limited",
    "Children and Families Ltd", "Limited", "Support Services Ltd", "LTD", "Futures Limited",
)  # fmt: skip
_KINDS: Final = (
    (CHILDRENS_HOME, 74),
    ("Supported Accommodation", 13),
    ("Independent Fostering Agency", 6),
    ("Residential Family Centre", 4),
    ("Residential Special School", 3),
)
_GRADES: Final = (
    ("Outstanding", 9),
    ("Good", 66),
    ("Requires improvement to be good", 19),
    ("Inadequate", 6),
)
_APART: Final = dt.timedelta(days=75)
"""Homes of a story's owner in its authority are inspected at other times: each story has one answer."""


def background() -> list[Setting]:
    """Every setting but those of the stories."""
    return _Maker(random.Random(_SEED)).settings()  # noqa: S311 - invented rows, no secret


class _Maker:
    """Draws settings one after the other from one seeded source of chance."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._places = table("places.toml")
        self._featured = featured()
        self._numbers = iter(chance.sample(range(1000), 1000))

    def settings(self) -> list[Setting]:
        """More homes of the stories' owners, then those of companies nobody writes about."""
        return [*self._elsewhere(), *self._others()]

    def _elsewhere(self) -> list[Setting]:
        known = owners()
        return [
            self._setting(known[key], authority, CHILDRENS_HOME)
            for key, given in table("providers.toml").items()
            for authority, count in given.get("elsewhere", {}).items()
            for _ in range(count)
        ]

    def _others(self) -> list[Setting]:
        names = [stem + ending for stem in _STEMS for ending in _ENDINGS]
        made: list[Setting] = []
        for name in self._chance.sample(names, _COMPANIES):
            legal = f"{name} {self._chance.choice(_TAILS)}"
            later = legal.upper() if self._chance.random() < 0.1 else legal
            owner = Owner(names=(legal, later), sector=self._drawn((("Private", 9), ("Voluntary", 1))))
            kind = self._drawn(_KINDS)
            patch = self._chance.sample(sorted(self._places), self._chance.randint(1, 4))
            made += [
                self._setting(owner, self._chance.choice(patch), kind)
                for _ in range(self._chance.randint(3, 9))
            ]
        return made

    def _setting(self, owner: Owner, authority: str, kind: str) -> Setting:
        number, place = next(self._numbers), self._places[authority]
        registered = dt.date(2008, 1, 7) + dt.timedelta(days=self._chance.randint(0, 5500))
        named = kind != CHILDRENS_HOME
        return Setting(
            urn=f"SC95{number:04}" if registered.year < 2015 else f"411{number:04}",
            kind=kind,
            authority=authority,
            region=place["region"],
            constituency=self._chance.choice(place["constituencies"]),
            owner=owner,
            registered=registered,
            visits=self._visits(owner, authority, kind),
            places=None if "Agency" in kind else self._chance.randint(1, 8),
            name=f"{owner.names[0].split()[0]} {self._chance.choice(('House', 'Place', 'North', 'Court'))}"
            if named
            else None,
            closed=dt.date(2024, 11, 30) if self._chance.random() < 0.03 else None,
        )

    def _visits(self, owner: Owner, authority: str, kind: str) -> tuple[Visit, ...]:
        if kind == "Supported Accommodation":
            return ()  # its first inspections began late in the demo's years
        made: list[Visit] = []
        for opening in (dt.date(2023, 4, 10), dt.date(2024, 4, 8)):
            overall = self._drawn(_GRADES) if not self._in_stories(owner) else "Good"
            day = self._free_day(opening, owner, authority)
            made.append(self._visit(day, "Full inspection", self._three(overall)))
            if overall == "Inadequate":
                made.append(self._visit(day + dt.timedelta(days=70), "Monitoring visit", ()))
        return tuple(made)

    def _free_day(self, opening: dt.date, owner: Owner, authority: str) -> dt.date:
        taken = [
            visit.first
            for setting in self._featured
            if setting.owner.names == owner.names and setting.authority == authority
            for visit in setting.visits
        ]
        while True:
            day = opening + dt.timedelta(days=7 * self._chance.randint(0, 46) + self._chance.randint(0, 2))
            if all(abs(day - other) > _APART for other in taken):
                return day

    def _visit(self, day: dt.date, kind: str, grades: tuple[str, ...]) -> Visit:
        last = day + dt.timedelta(days=1 if grades else 0)
        published = last + dt.timedelta(days=self._chance.randint(22, 40))
        return Visit(first=day, last=last, published=published, kind=kind, grades=grades)

    def _three(self, overall: str) -> tuple[str, str, str]:
        """The grades of the areas, near the overall one."""
        other = overall if overall in {"Good", "Inadequate"} else "Good"
        return overall, self._chance.choice((overall, other)), self._chance.choice((overall, overall, other))

    def _in_stories(self, owner: Owner) -> bool:
        return any(setting.owner.names == owner.names for setting in self._featured)

    def _drawn(self, choices: Sequence[tuple[Any, int]]) -> Any:
        return self._chance.choices([one for one, _ in choices], [weight for _, weight in choices])[0]
