"""The main places of the archive, as the top of every page lists them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from storage.people import Person, Role


@dataclass(frozen=True, slots=True)
class Place:
    """A page that the menu leads to, and the least role it is shown to."""

    path: str
    title: str
    needs: Role = "reader"
    beside: tuple[str, ...] = ()

    def holds(self, path: str) -> bool:
        """Whether that page is this place, below it, beside it or below what is beside it.

        Below a search, whose address says by its query what it is, nothing lies.
        """
        above = (f"{one}/" for one in (self.path, *self.beside) if "?" not in one)
        return path == self.path or path in self.beside or path.startswith(tuple(above))


def here(path: str, kinds: Sequence[str]) -> str:
    """The place that a page belongs to: of a search, the place of the one kind it is confined to."""
    return f"/search?kind={kinds[0]}" if path == "/search" and len(kinds) == 1 else path


MENU: Final = (
    Place("/search?kind=article", "Stories", beside=("/articles", "/link")),
    Place("/search?kind=report", "Reports", beside=("/inspections", "/reports")),
    Place("/leads", "Leads", beside=("/dashboard", "/authorities", "/outlets")),
    Place("/review", "Review", "reviewer"),
    Place("/since", "Yours", beside=("/following", "/alerts", "/notes", "/exports")),
    Place("/operator", "Operator", "operator"),
    Place("/about", "Method"),
)

OWN: Final = (
    Place("/since", "New"),
    Place("/following", "Following"),
    Place("/alerts", "Alerts"),
    Place("/notes", "Notes"),
    Place("/exports", "Exports"),
)
"""The tabs of what is one's own and one's colleagues'."""

OPERATORS: Final = (
    Place("/operator", "Sources and storage"),
    Place("/operator/jobs", "Schedule"),
    Place("/operator/runs", "Runs"),
    Place("/operator/failures", "Failures"),
    Place("/operator/alerts", "Alerts"),
    Place("/operator/people", "People and tokens"),
    Place("/operator/merging", "Merging"),
    Place("/operator/orders", "Orders"),
    Place("/operator/corrections", "Corrections"),
    Place("/operator/subjects", "Subject requests"),
    Place("/operator/audit", "Audit log"),
)
"""The tabs of the operator's pages."""


def places(person: Person | None) -> tuple[Place, ...]:
    """What the menu shows that person."""
    return tuple(place for place in MENU if person is not None and person.may(place.needs))
