"""Sources and the archive's health, for operators; and whose token it is."""

from typing import Any, Final

from starlette.requests import Request

from archive.api.endpoint import Endpoint
from archive.api.shapes import Moment, Page, Record
from archive.guard import person_of
from archive.reading import footprint
from archive.reading.sources import source_lines
from archive.site import site_of
from storage import failures
from storage.dates import utc_now
from storage.people import ROLES


class Run(Record):
    """A run with its counts."""

    id: str
    kind: str
    started: Moment
    ended: Moment | None
    outcome: str | None
    fetched: int
    stored: int
    duplicate: int
    refused: int
    failed: int


class Alarm(Record):
    """What is wrong with a source."""

    kind: str
    what: str
    reason: str
    first_at: Moment
    last_at: Moment


class Source(Record):
    """A source: its last run beside what it usually gives."""

    id: str
    title: str
    kind: str
    enabled: bool
    next_due: Moment | None
    waiting: int
    """Addresses that are due."""
    last: Run | None
    usual_fetched: float | None
    usual_stored: float | None
    alarms: list[Alarm]


class Part(Record):
    """Something that takes space, in bytes."""

    name: str
    bytes: int


class Health(Record):
    """Whether everything runs: failures that wait, disk and versions."""

    failures: int
    alarms: int
    parts: list[Part]
    disk_free: int
    disk_whole: int
    tight: bool
    """Whether an upgrade, which works on a copy, would not fit."""
    versions: dict[str, str]


class Me(Record):
    """Who asks."""

    name: str
    role: str
    may: list[str]
    """The roles that the token reaches."""


def sources(request: Request, asked: Any) -> dict[str, Any]:
    """List sources, those with alarms first."""
    with site_of(request).store.reading() as connection:
        lines = source_lines(connection, at=utc_now())
    return {
        "items": [
            vars(line)
            | {
                "usual_fetched": line.usual[0] if line.usual else None,
                "usual_stored": line.usual[1] if line.usual else None,
            }
            for line in lines
        ]
    }


def health(request: Request, asked: Any) -> dict[str, Any]:
    """The archive's health."""
    site = site_of(request)
    with site.store.reading() as connection:
        lines = source_lines(connection, at=utc_now())
        taken = footprint.footprint(connection, site.store.place)
        versions = footprint.versions(connection)
        failed = failures.count(connection)
    return {
        "failures": failed,
        "alarms": sum(len(line.alarms) for line in lines),
        "parts": [{"name": name, "bytes": size} for name, size in taken.parts],
        "disk_free": taken.free,
        "disk_whole": taken.whole,
        "tight": taken.is_tight,
        "versions": dict(versions),
    }


def me(request: Request, asked: Any) -> dict[str, Any]:
    """Whose token it is, and what it may."""
    person = person_of(request)
    return {
        "name": person.name,
        "role": person.role,
        "may": [role for role in ROLES if person.may(role)],
    }


ENDPOINTS: Final = (
    Endpoint(path="/api/v1/sources", answer=sources, gives=Page[Source], needs="operator"),
    Endpoint(path="/api/v1/health", answer=health, gives=Health, needs="operator"),
    Endpoint(path="/api/v1/me", answer=me, gives=Me),
)
