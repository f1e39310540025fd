"""The demo's settings and what was found in them: the ones stories are about, and where they stand."""

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from onrecord.demo.frontmatter import documents, table

CHILDRENS_HOME: Final = "Children's home"
WITHHELD: Final = frozenset({CHILDRENS_HOME, "Secure children's home"})


@dataclass(frozen=True, kw_only=True)
class Visit:
    """One inspection; ``grades`` are overall, protection, leadership, empty where none are given."""

    first: dt.date
    last: dt.date
    published: dt.date
    kind: str
    grades: tuple[str, ...] = ()

    def event_number(self, urn: str) -> str:
        """Eight digits, the same each time."""
        digest = hashlib.sha256(f"{urn} {self.kind} {self.first}".encode()).digest()
        return str(70_000_000 + int.from_bytes(digest[:3]) % 9_000_000)


@dataclass(frozen=True, kw_only=True)
class Owner:
    """A registered provider; ``names`` are its spellings, the earliest register's first."""

    names: tuple[str, ...]
    sector: str


@dataclass(frozen=True, kw_only=True)
class Setting:
    """A home or service as a register knows it; ``closed`` settings are missing from later registers."""

    urn: str
    kind: str
    authority: str
    region: str
    constituency: str
    owner: Owner
    registered: dt.date
    visits: tuple[Visit, ...]
    places: int | None = None
    name: str | None = None
    town: str | None = None
    short_breaks: bool = False
    closed: dt.date | None = None


def owners() -> dict[str, Owner]:
    """The providers of the stories by their key in ``providers.toml``."""
    return {
        key: Owner(names=tuple(given["names"]), sector=given["sector"])
        for key, given in table("providers.toml").items()
    }


def featured() -> list[Setting]:
    """The settings that stories are about, each with its inspections in order of time."""
    places, known = table("places.toml"), owners()
    reported: dict[str, list[Visit]] = {}
    for _, facts, _ in documents("reports"):
        reported.setdefault(facts["urn"], []).append(reported_visit(facts))
    return [
        _setting(given, places, known, reported.get(given["urn"], ()))
        for given in table("homes.toml")["home"]
    ]


def reported_visit(facts: Mapping[str, Any]) -> Visit:
    """The inspection that a report of ``world/reports`` is about."""
    return Visit(
        first=facts["first"],
        last=facts["last"],
        published=facts["published"],
        kind=facts["kind"],
        grades=tuple(facts.get("judgements", ())),
    )


def _setting(
    given: Mapping[str, Any],
    places: Mapping[str, Any],
    known: Mapping[str, Owner],
    reported: Sequence[Visit],
) -> Setting:
    visits = [*map(_earlier, given.get("earlier", ())), *reported]
    return Setting(
        urn=given["urn"],
        kind=given.get("kind", CHILDRENS_HOME),
        authority=given["authority"],
        region=places[given["authority"]]["region"],
        constituency=given["constituency"],
        owner=known[given["provider"]],
        registered=given["registered"],
        visits=tuple(sorted(visits, key=lambda visit: visit.first)),
        places=given.get("places"),
        name=given.get("name"),
        town=given.get("town"),
        short_breaks=given.get("short_breaks", False),
    )


def _earlier(row: Sequence[Any]) -> Visit:
    first, published, kind, *grades = row
    return Visit(
        first=first, last=first + dt.timedelta(days=1), published=published, kind=kind, grades=tuple(grades)
    )
