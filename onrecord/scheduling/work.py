"""Which jobs there are: for each kind the command that does it, how often, and what its answer says.

A kind whose command is not there, or whose folder was not set, is not planned.
"""

import datetime as dt
import json
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from onrecord.config import Config, ScheduleSettings
from storage.jobs import Planned

_DAY: Final = dt.timedelta(days=1)
_HOUR: Final = dt.timedelta(hours=1)
_SOON: Final = dt.timedelta(minutes=5)  # what could not be sent is tried again about as often

KINDS: Final = frozenset(
    (
        "crawl",
        "link",
        "index",
        "alerts",
        "push",
        "orders",
        "retention",
        "doctor",
        "verify",
        "export",
        "backup",
        "drill",
    )
)
"""The kinds of jobs there can be."""


def _nothing(_: Any) -> str | None:
    return None


@dataclass(frozen=True, kw_only=True)
class Task:
    """A job as a command: its words, how often it is done, and how its JSON is told in a line."""

    planned: Planned
    words: tuple[str, ...]
    telling: Callable[[Any], str | None] = _nothing
    counting: Callable[[Any], Mapping[str, int]] = lambda _: {}
    """What it counted, for the log."""
    hastens: tuple[str, ...] = ()
    """Jobs to do at once after this one was done."""

    def told(self, answer: str) -> str | None:
        """The line that a person is shown of what the command printed, if there is something to say."""
        said = _read(answer)
        return None if said is None else self.telling(said)

    def counted(self, answer: str) -> Mapping[str, int]:
        """What the command counted, if it did."""
        said = _read(answer)
        return {} if said is None else self.counting(said)


def tasks(
    settings: Config, sources: Collection[str], commands: Collection[str], *, embedded: bool = True
) -> dict[str, Task]:
    """Every job by its id: one a source, and those that keep the archive.

    ``embedded``: it is a file; a drill on PostgreSQL needs an empty database, which only a person can give.
    """
    found = [*map(_crawl, sources), *_keeping(settings.schedule, embedded=embedded)]
    if settings.evidence_store:
        found.append(Task(planned=Planned(kind="push", every=_HOUR), words=("evidence", "push", "--json")))
    return {task.planned.id: task for task in found if task.words[0] in commands}


def _crawl(source: str) -> Task:
    return Task(
        planned=Planned(kind="crawl", what=source, every=_DAY),
        words=("crawl", source, "--json"),
        telling=_of_crawl,
        counting=_counts,
        hastens=("link",),
    )


def _keeping(settings: ScheduleSettings, *, embedded: bool) -> list[Task]:
    def task(kind: str, every: dt.timedelta, *words: str, **more: Any) -> Task:
        return Task(planned=Planned(kind=kind, every=every), words=words, **more)

    often = dt.timedelta(minutes=settings.link_minutes)
    found = [
        task("link", often, "link", "--json", hastens=("index", "alerts")),
        task("index", _DAY, "index", "--unless-served"),
        task("alerts", _SOON, "alerts", "send"),
        task("orders", _DAY, "orders", "--due", "--json", telling=_of_orders),
        task("retention", _DAY, "retention", "--yes", "--json"),
        task("doctor", _DAY, "doctor", "--tell", "--json", telling=_of_doctor, hastens=("alerts",)),
        task("verify", _DAY, "verify", "--share", "0.1", "--json"),
    ]
    if settings.exports:
        for what in ("links", "articles"):
            out = str(Path(settings.exports) / f"{what}.csv")
            words = ("export", what, "--format", "csv", "--out", out)
            found.append(Task(planned=Planned(kind="export", what=what, every=_DAY), words=words))
    if settings.backups:
        kept = ("--keep", str(settings.keep), "--forget", "--json")
        found.append(task("backup", _DAY, "backup", settings.backups, *kept))
        if embedded:
            proof = Planned(kind="drill", every=_DAY * 7, first=_DAY)  # of a backup that is there by then
            found.append(Task(planned=proof, words=("restore", settings.backups, "--drill", "--json")))
    return found


def _read(answer: str) -> Any:
    """The JSON that a command printed; None where it was ended before, or prints none."""
    try:
        return json.loads(answer)
    except ValueError:
        return None


def _counts(summaries: list[Mapping[str, Any]]) -> Mapping[str, int]:
    """Fetched is the sum of the others."""
    total: Counter[str] = Counter()
    for one in summaries:
        total.update(one["counts"])
    return total


def _of_crawl(summaries: list[Mapping[str, Any]]) -> str | None:
    """Counts, and what is wrong with a source; no address of a page."""
    told = (
        f"{one['counts']['fetched']} fetched, {one['counts']['stored']} stored"
        + (f": {one['reason']}" if one["reason"] else "")
        for one in summaries
    )
    return "; ".join(told) or None


def _of_doctor(found: list[Mapping[str, Any]]) -> str | None:
    """The checks that found something; what they say is in ``onrecord doctor``."""
    wrong = sorted({one["check"] for one in found if one["state"] == "wrong"})
    return f"wrong: {', '.join(wrong)}: see `onrecord doctor`" if wrong else None


def _of_orders(found: list[Any]) -> str | None:
    return f"{len(found)} end within two weeks or have: see `onrecord orders --due`" if found else None
