"""After a run: is this what the source usually gives? What it lacks is a concern; two in a row, an alarm.

A share (of pages that could be read, of pages with a byline) is judged by how probable so few would be if
nothing had changed: the binomial tail under the share of the source's own sound runs. So a source that
always prints a byline is missed at the third page without one, and one that often does not is let be.
"""

import datetime as dt
import itertools
import math
import statistics
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, Final

import sqlalchemy as sa

from crawler.tally import FIELDS
from storage import alarms
from storage.alarms import Concern

_IMPROBABLE: Final = 0.001  # of a run alone; pages of one day resemble one another
_STILL: Final = 0.05  # of a run after one that was improbable
_PART: Final = 0.6  # of the usual share; less than that is broken, more is how the days differ
_NEUTRAL = frozenset({"postponed", "not_wanted", "off_profile"})
_SOUND = frozenset({"done", "unchanged"})
_SHORT: Final = 0.3  # of the usual length: a teaser, a notice, an error page
_LONGEST_QUIET: Final = 4  # times the longest pause that the source ever made
_QUIET_DAYS: Final = 3
_PAUSES: Final = 5  # known, before a silence can be told from a pause
_TOLD: Final = {
    "blocked": "it is blocked",
    "gone": "it is gone",
    "empty": "it names no page",
    "unreadable": "it cannot be read",
    "elsewhere": "it leads to another site",
    "unreachable": "it cannot be reached",
    "refused_by_robots": "robots.txt now forbids it",
    "reserved": "text and data mining is reserved",
    "needs_javascript": "it is made by JavaScript",
    "layout_changed": "its layout has changed",
}

Seen = Mapping[str, Any]
"""What ``crawler.tally`` kept of a run."""


def after_run(
    connection: sa.Connection, source_id: str, seen: Seen, *, fault: str | None, at: dt.datetime
) -> tuple[list[Concern], list[Concern]]:
    """Judge a run against those before it: its concerns, and those of them that became alarms."""
    before = alarms.history(connection, source_id)
    concerns = [*judge(seen, before, lasting=alarms.lasting(connection, source_id), at=at)]
    if fault:
        concerns.append(Concern(kind="run", what="", reason=f"the crawl could not be done: {fault}"))
    return concerns, alarms.note(connection, source_id, concerns, judged=_judged(seen), at=at)


def judge(
    seen: Seen, before: Sequence[Seen], *, lasting: Collection[tuple[str, str]] = (), at: dt.datetime
) -> Iterator[Concern]:
    """What is wrong with a run, given those before it (newest first, with the concerns they had).

    ``lasting``: kind and subject of what was wrong with the run before.
    """
    sound = [one for one in before if not one.get("concerns")]
    yield from _starts(seen)
    yield from _pages(seen, sound, _STILL if ("pages", "") in lasting else _IMPROBABLE)
    for name in FIELDS:
        yield from _field(name, seen, sound, _STILL if ("field", name) in lasting else _IMPROBABLE)
    yield from _texts(seen, sound)
    yield from _silence(seen, before, at)


def _starts(seen: Seen) -> Iterator[Concern]:
    for url, outcome in seen["starts"].items():
        if outcome not in _SOUND | _NEUTRAL:
            told = _TOLD.get(outcome, outcome.replace("_", " "))
            yield Concern(kind="start", what=url, reason=f"{url}: {told}")


def _pages(seen: Seen, sound: Sequence[Seen], limit: float) -> Iterator[Concern]:
    good, total = _good(seen)
    usual = [sum(numbers) for numbers in zip(*map(_good, sound), strict=True)] or [0, 0]
    if _probability(good, total, *usual) < limit:
        bad = {
            outcome: number for outcome, number in seen["pages"].items() if outcome not in _SOUND | _NEUTRAL
        }
        most = max(bad, key=lambda outcome: bad[outcome])
        reason = f"{total - good} of {total} pages gave nothing, most of them {most.replace('_', ' ')}"
        yield Concern(kind="pages", what="", reason=reason)


def _field(name: str, seen: Seen, sound: Sequence[Seen], limit: float) -> Iterator[Concern]:
    now, of = seen["fields"].get(name, 0), seen["read"]
    if now == 0:  # a paper of one story a day is judged over the days since it was last there
        of += sum(one["read"] for one in itertools.takewhile(lambda one: not one["fields"].get(name), sound))
    usual, usual_of = (sum(one["fields"].get(name, 0) for one in sound), sum(one["read"] for one in sound))
    if seen["read"] and _probability(now, of, usual, usual_of) < limit:
        reason = f"{now} of {seen['read']} pages have a {name}, usually {usual} of {usual_of}"
        yield Concern(kind="field", what=name, reason=reason)


def _texts(seen: Seen, sound: Sequence[Seen]) -> Iterator[Concern]:
    if seen["read"] < 2:
        return
    usual = [one["letters"] for one in sound if one["read"]]
    if usual and seen["letters"] < _SHORT * statistics.median(usual):
        reason = f"its texts have {seen['letters']} letters, usually {statistics.median(usual):.0f}"
        yield Concern(kind="text", what="", reason=reason)
    if seen["read"] > 2 and seen["texts"] <= seen["read"] / 3:
        reason = f"{seen['read']} pages hold only {seen['texts']} different texts"
        yield Concern(kind="same", what="", reason=reason)


def _silence(seen: Seen, before: Sequence[Seen], at: dt.datetime) -> Iterator[Concern]:
    if seen["pages"].get("done"):
        return
    new = [dt.datetime.fromisoformat(one["at"]) for one in before if one["pages"].get("done")]
    pauses = [later - earlier for later, earlier in itertools.pairwise(new)]
    if len(pauses) < _PAUSES:
        return
    longest = max(_LONGEST_QUIET * max(pauses), dt.timedelta(days=_QUIET_DAYS))
    if at - new[0] > longest:
        reason = f"nothing new for {(at - new[0]).days} days; its longest pause was {_words(max(pauses))}"
        yield Concern(kind="silent", what="", reason=reason)


def _judged(seen: Seen) -> set[tuple[str, str]]:
    """Which concerns the run could have had; the others stay as they were."""
    judged = {("run", ""), ("silent", "")} | {("start", url) for url in seen["starts"]}
    if _good(seen)[1]:
        judged.add(("pages", ""))
    if seen["read"]:
        judged |= {("field", name) for name in FIELDS}
    if seen["read"] > 2:
        judged |= {("text", ""), ("same", "")}
    return judged


def _good(seen: Seen) -> tuple[int, int]:
    """Pages that gave what they should, of those that could have."""
    counted = {outcome: number for outcome, number in seen["pages"].items() if outcome not in _NEUTRAL}
    return sum(counted.get(outcome, 0) for outcome in _SOUND), sum(counted.values())


def _probability(now: int, of: int, usual: int, usual_of: int) -> float:
    """How probable so few, or fewer, are under the usual share; 1 where no great part is missing."""
    share = (usual + 1) / (usual_of + 2)
    if now >= _PART * share * of:
        return 1.0
    of_share, of_rest = math.log(share), math.log1p(-share)  # logarithms, since a run may see thousands
    ways = (math.lgamma(of + 1) - math.lgamma(k + 1) - math.lgamma(of - k + 1) for k in range(now + 1))
    return sum(math.exp(way + k * of_share + (of - k) * of_rest) for k, way in enumerate(ways))


def _words(pause: dt.timedelta) -> str:
    return f"{pause.days} days" if pause.days > 1 else f"{pause.total_seconds() / 3600:.0f} hours"
