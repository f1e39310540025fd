"""Providers whose judgements fall: more of their settings went down than up, by enough to be no accident."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

import sqlalchemy as sa

from archive.reading.kept import Kept
from archive.reading.leads.shape import MONTH, Asked, Cell, Choice, Found, Lead, Options, Row, part
from storage.schema.inspections import inspections
from storage.schema.registers import providers, settings
from storage.vocabulary import GRADES

FEWEST: Final = 3
"""Settings that must be comparable: of two, one bad visit would be half."""
_MORE: Final = 2
"""How many more must have fallen than risen."""
_RANKS: Final = {
    "Outstanding": 0,
    "Good": 1,
    "Requires improvement to be good": 2,
    "Adequate": 2,
    "Inadequate": 3,
}
_SPANS: Final[Options] = (("24", "two years"), ("12", "one year"), ("36", "three years"))


@dataclass(frozen=True, kw_only=True)
class Step:
    """The latest graded full inspection of a setting, and the one before it, under the same provider."""

    provider_id: str
    before: str
    after: str

    @property
    def change(self) -> int:
        """1 where it fell, -1 where it rose, 0 where it stayed."""
        return (_RANKS[self.after] > _RANKS[self.before]) - (_RANKS[self.after] < _RANKS[self.before])


def steps(connection: sa.Connection, months: int) -> list[Step]:
    """One step a setting, of the months up to the newest inspection held."""
    graded = (inspections.c.kind == "full") & inspections.c.overall.in_(GRADES)
    newest = connection.execute(sa.select(sa.func.max(inspections.c.first_day))).scalar()
    if newest is None:
        return []
    since = newest - dt.timedelta(days=round(months * MONTH))
    earlier = inspections.alias("earlier")
    before = (
        sa.select(earlier.c.id)
        .where(
            earlier.c.setting_id == inspections.c.setting_id,
            earlier.c.kind == "full",
            earlier.c.overall.in_(GRADES),
            earlier.c.first_day < inspections.c.first_day,
        )
        .order_by(earlier.c.first_day.desc())
        .limit(1)
        .correlate(inspections)
        .scalar_subquery()
    )
    query = (
        sa.select(
            inspections.c.setting_id,
            inspections.c.overall,
            sa.func.coalesce(inspections.c.provider_id, settings.c.provider_id).label("owner"),
            sa.func.coalesce(earlier.c.provider_id, settings.c.provider_id).label("former"),
            earlier.c.overall.label("before"),
        )
        .join(settings, settings.c.id == inspections.c.setting_id)
        .join(earlier, earlier.c.id == before)
        .where(graded, inspections.c.first_day >= since)
        .order_by(inspections.c.first_day, inspections.c.id)
    )
    latest = {row.setting_id: row for row in connection.execute(query)}
    return [
        Step(provider_id=row.owner, before=row.before, after=row.overall)
        for row in latest.values()
        if row.owner and row.owner == row.former
    ]


def falling(found: Iterable[Step]) -> list[tuple[str, int, int, int]]:
    """Provider, how many settings fell, rose and were compared; those that fell furthest first."""
    of_provider: dict[str, list[int]] = defaultdict(list)
    for step in found:
        of_provider[step.provider_id].append(step.change)
    counted = [
        (provider, changes.count(1), changes.count(-1), len(changes))
        for provider, changes in of_provider.items()
    ]
    kept = [one for one in counted if one[3] >= FEWEST and one[1] - one[2] >= _MORE]
    return sorted(kept, key=lambda one: (one[2] - one[1], -one[1] / one[3], one[0]))


def find(connection: sa.Connection, asked: Asked, kept: Kept) -> Found:
    """Those of whom most more fell than rose first."""
    months = int(asked.chosen["over"])
    return part(kept.of(connection, ("falling", months), lambda held: _rows(held, months)), asked)


def _rows(connection: sa.Connection, months: int) -> Sequence[Row]:
    found = falling(steps(connection, months))
    named = sa.select(providers.c.id, providers.c.name).where(providers.c.id.in_([one[0] for one in found]))
    names = dict(connection.execute(named).all())
    return [
        (
            Cell(text=names.get(provider, "unknown"), link=f"/providers/{quote(provider, safe='')}"),
            *(Cell(text=str(count), number=True) for count in (fell, rose, compared)),
        )
        for provider, fell, rose, compared in found
    ]


LEAD: Final = Lead(
    name="falling",
    title="Providers whose judgements fall",
    told="For each setting fully inspected in the time chosen, up to the newest inspection held here,"
    " the overall judgement is held against the full inspection before it under the same provider."
    f" Listed are providers of whom at least {FEWEST} settings can be compared and at least {_MORE}"
    " more fell than rose. Few settings make chance findings: read the inspections before you"
    " write.",
    columns=("Provider", "Fell", "Rose", "Compared"),
    choices=(Choice(name="over", title="Over", options=_SPANS),),
    find=find,
)
