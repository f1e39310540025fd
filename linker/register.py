"""The official record in memory: settings over time, inspections, and how common each thing is.

Plain records in, indexes out; nothing here knows where they are stored.
"""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from statistics import quantiles

import numpy as np
import numpy.typing as npt

from linker.findings import Findings
from linker.gazetteer import Gazetteer, Known, Place
from linker.owners import Owners, is_of_council
from linker.quotations import QuotationIndex
from storage import vocabulary
from storage.names import organisation_key
from storage.namings import Naming

Numbers = npt.NDArray[np.int64]
UNKNOWN_DAY = 0
"""The ordinal that stands for a day nobody gave."""
GRADES = {grade: code for code, grade in enumerate((*vocabulary.GRADES, *vocabulary.PROGRESS), 1)}
"""Overall grades by number; 0 is none."""
_WINDOW = 90
_NONE = np.empty(0, np.int64)


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """A home or service; ``authorities`` and ``places`` are all that registers gave, the newest last."""

    id: str
    urn: str
    regulator: str
    kind: str
    name: str | None
    authorities: tuple[str, ...]
    region: str | None
    constituency: str | None
    places: tuple[int, ...]
    sector: str | None
    provider: str | None
    owners: tuple[str, ...] = ()  # every provider it ever had
    registered: dt.date | None = None
    closed: dt.date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspection:
    """One inspection; ``provider`` is the owner of its day, ``previous`` the full one before it."""

    id: str
    setting: int
    kind: str
    first: dt.date | None
    last: dt.date | None
    published: dt.date | None
    grades: tuple[str | None, str | None, str | None]  # overall, protection, leadership
    capacity: int | None
    provider: str | None
    previous: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """A registered provider, every name it has borne, and names of its trade or group."""

    id: str
    name: str
    names: tuple[str, ...]
    brands: tuple[str, ...] = ()
    namings: tuple[Naming, ...] = ()


@dataclass(kw_only=True)
class Records:
    """What the store hands over, in plain lists."""

    settings: list[Setting] = field(default_factory=list)
    inspections: list[Inspection] = field(default_factory=list)
    providers: list[Provider] = field(default_factory=list)
    places: list[Known] = field(default_factory=list)
    reports: Iterable[tuple[str, str, Sequence[tuple[int, int]]]] = ()
    """(inspection id, text, sentence spans) of each report that belongs to an inspection; read once."""
    quotations: QuotationIndex | None = None
    """The index of the reports, where it is made already."""
    findings: Findings = field(default_factory=Findings)


class Register:
    """The indexes over the records, and the shares that say how common a thing is."""

    def __init__(self, records: Records) -> None:
        self.settings, self.inspections = records.settings, records.inspections
        self.providers = {one.id: one for one in records.providers}
        self.imported_places = records.places
        self.gazetteer = Gazetteer(_known(records))
        self.owners = Owners(
            (one.id, name) for one in records.providers for name in (*one.names, *one.brands)
        )
        self.brands = {organisation_key(name) for one in records.providers for name in one.brands}
        self.brands -= {organisation_key(name) for one in records.providers for name in one.names}
        kept = records.quotations
        self.quotations = QuotationIndex.build(records.reports) if kept is None else kept
        self.reported, self.findings = self.quotations, records.findings
        self.number_of = {one.id: number for number, one in enumerate(self.inspections)}
        self.by_urn = {one.urn.upper(): number for number, one in enumerate(self.settings)}
        self._index()
        self._count()
        self._councils = self._runs()
        self._held_in: dict[str, tuple[Numbers, Numbers]] = {}
        self._held_by: dict[str, tuple[Numbers, Numbers]] = {}

    def __reduce__(self) -> tuple[type["Register"], tuple[Records]]:
        """Sent to another process as its records: the indexes are made anew there."""
        records = Records(
            settings=self.settings,
            inspections=self.inspections,
            providers=list(self.providers.values()),
            places=self.imported_places,
            quotations=self.quotations,
            findings=self.findings,
        )
        return Register, (records,)

    def inspections_of(self, setting: int) -> Numbers:
        """The inspections of a setting, oldest first."""
        return self._of_setting.get(setting, _NONE)

    def settings_in(self, authority: str) -> Sequence[int]:
        """The settings that were ever in an authority."""
        return self._of_authority.get(authority, ())

    def settings_of(self, provider: str) -> Sequence[int]:
        """The settings that a provider ever owned."""
        return self._of_provider.get(provider, ())

    def held_in(self, authority: str) -> tuple[Numbers, Numbers]:
        """The settings of an authority and all their inspections, as numbers."""
        if authority not in self._held_in:
            self._held_in[authority] = self._with_inspections(self.settings_in(authority))
        return self._held_in[authority]

    def held_by(self, provider: str) -> tuple[Numbers, Numbers]:
        """The settings of a provider and all their inspections, as numbers."""
        if provider not in self._held_by:
            self._held_by[provider] = self._with_inspections(self.settings_of(provider))
        return self._held_by[provider]

    def _with_inspections(self, settings: Sequence[int]) -> tuple[Numbers, Numbers]:
        held = [self.inspections_of(setting) for setting in settings]
        return np.array(settings, np.int64), np.concatenate([_NONE, *held])

    def councils_of(self, place: Place) -> tuple[str, ...]:
        """The providers that are the councils of a place's own authorities."""
        own = [one for one, weight in place.authorities.items() if weight >= 1]
        return tuple(dict.fromkeys(provider for one in own for provider in self._councils.get(one, ())))

    def visited_between(self, first: dt.date, last: dt.date) -> Numbers:
        """The inspections whose visit began between two days, both included."""
        low, high = np.searchsorted(self._visits, [first.toordinal(), last.toordinal() + 1])
        return self._by_visit[low:high]

    def _index(self) -> None:
        of_setting: dict[int, list[int]] = defaultdict(list)
        self._of_authority: dict[str, list[int]] = defaultdict(list)
        self._of_provider: dict[str, list[int]] = defaultdict(list)
        days = [(one.first or one.last) for one in self.inspections]
        self.visit_days = np.array([day.toordinal() if day else UNKNOWN_DAY for day in days], np.int64)
        self.published_days = np.array(
            [one.published.toordinal() if one.published else UNKNOWN_DAY for one in self.inspections],
            np.int64,
        )
        self.setting_of = np.array([one.setting for one in self.inspections], np.int64)
        self.overall_codes = np.array(
            [GRADES.get(one.grades[0] or "", 0) for one in self.inspections], np.int64
        )
        names = sorted({one.authorities[-1] for one in self.settings if one.authorities})
        self.authorities = {name: code for code, name in enumerate(names)}
        self.authority_codes = np.array(
            [
                self.authorities[one.authorities[-1]] if one.authorities else len(names)
                for one in self.settings
            ],
            np.int64,
        )
        opened = [one.registered.toordinal() for one in self.settings if one.registered]
        last = max([*opened, *self.visit_days.tolist()], default=UNKNOWN_DAY + 1)
        self.newest = dt.date.fromordinal(max(last, 1))
        self._by_visit = np.argsort(self.visit_days, kind="stable")
        self._visits = self.visit_days[self._by_visit]
        for number in self._by_visit.tolist():
            of_setting[self.inspections[number].setting].append(number)
        self._of_setting = {setting: np.array(held, np.int64) for setting, held in of_setting.items()}
        for number, one in enumerate(self.settings):
            for authority in set(one.authorities):
                self._of_authority[authority].append(number)
            for provider in {*one.owners, *([one.provider] if one.provider else [])}:
                self._of_provider[provider].append(number)

    def _count(self) -> None:
        settings, full = self.settings, [one for one in self.inspections if one.grades[0]]
        self.authority_shares = _shares(one.authorities[-1] for one in settings if one.authorities)
        self.sector_shares = _shares(one.sector for one in settings if one.sector)
        self.place_shares = _shares(one.places[-1] for one in settings if one.places)
        self.kind_shares = _shares(one.kind for one in self.inspections)
        self.grade_shares = _shares(one.grades[0] for one in full)
        self.graded_share = len(full) / max(len(self.inspections), 1)
        self.setting_kind_shares = _shares(settings[one.setting].kind for one in self.inspections)
        ages = [
            (one.first - registered).days
            for one in self.inspections
            if one.first and (registered := settings[one.setting].registered)
        ]
        self.new_share = sum(1 for days in ages if 0 <= days <= 550) / max(len(ages), 1) or 0.1
        self.area_shares = {
            area: _conditional((one.grades[0], one.grades[area]) for one in full if one.grades[area])
            for area in (1, 2)
        }
        self.earlier_shares = _conditional(
            (one.grades[0], self.inspections[one.previous].grades[0])
            for one in full
            if one.previous is not None
        )
        self.constituency_shares = _conditional(
            (one.authorities[-1], one.constituency)
            for one in settings
            if one.authorities and one.constituency
        )

    def _runs(self) -> dict[str, list[str]]:
        """The council providers of each authority, by the authority's place in their names."""
        runs: dict[str, list[str]] = defaultdict(list)
        for name in self.owners.names:
            if not is_of_council(name.words):
                continue
            place = self.gazetteer.named(" ".join(word for word in name.words if word != "council"))
            for authority, weight in (
                place.authorities if place and place.kind == "authority" else {}
            ).items():
                if weight >= 1 and name.provider not in runs[authority]:
                    runs[authority].append(name.provider)
        return runs

    def share_of(self, providers: Iterable[str]) -> float:
        """The share of all settings that these providers own, never nothing."""
        held = {number for provider in providers for number in self.settings_of(provider)}
        return max(len(held), 0.5) / max(len(self.settings), 1)

    def spread(self, provider: str) -> dict[str, float]:
        """The share of a provider's settings in each authority."""
        held = [self.settings[number].authorities[-1:] for number in self.settings_of(provider)]
        return {str(one): share for one, share in _shares(name for names in held for name in names).items()}

    def coverage(self, day: dt.date) -> float:
        """The share of the inspections before a day that the register has, against its fuller quarters."""
        end = day.toordinal() - 30
        counts = np.searchsorted(self._visits, [end - _WINDOW, end])
        around = np.arange(end - 8 * _WINDOW, end + 8 * _WINDOW, _WINDOW)
        quarters = np.diff(np.searchsorted(self._visits, around)).tolist()
        usual = quantiles(quarters, n=4, method="inclusive")[2]
        return min(1.0, float(counts[1] - counts[0]) / usual) if usual else 0.0


def _known(records: Records) -> Iterable[Known]:
    yield from records.places
    seen = set()
    for one in records.settings:
        for authority in one.authorities:
            if ("", authority) not in seen:
                seen.add(("", authority))
                yield Known(name=authority, kind="authority", authority=authority, region=one.region)
        if one.constituency and one.authorities and (one.constituency, one.authorities[-1]) not in seen:
            seen.add((one.constituency, one.authorities[-1]))
            yield Known(name=one.constituency, kind="constituency", authority=one.authorities[-1])


def _shares(values: Iterable[object]) -> dict[object, float]:
    counts = Counter(values)
    total = sum(counts.values())
    return {value: count / total for value, count in counts.items()}


def _conditional(pairs: Iterable[tuple[object, object]]) -> dict[object, dict[object, float]]:
    counts: dict[object, Counter[object]] = defaultdict(Counter)
    for given, value in pairs:
        counts[given][value] += 1
    return {given: {v: n / sum(held.values()) for v, n in held.items()} for given, held in counts.items()}
