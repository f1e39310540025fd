"""A small register with a crowd of homes around it, and articles, for the linker's tests; all invented."""

import datetime as dt
import random
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from linker.findings import Finding, Findings, finding
from linker.gazetteer import Gazetteer
from linker.reading import Reading
from linker.register import Inspection, Provider, Records, Register, Setting
from storage.dates import PartialDate
from tests.linker.invented_findings import findings
from tests.linker.invented_reports import Inspectorate, InventedReport
from tests.linker.preceded import with_previous

GRADES = ("Outstanding", "Good", "Good", "Good", "Good", "Requires improvement to be good", "Inadequate")
AUTHORITIES = (
    *(
        "Bolton",
        "Knowsley",
        "Lancashire",
        "Stockport",
        "Leeds",
        "Kirklees",
        "Durham",
        "Norfolk",
        "Essex",
        "Kent",
    ),
    *("Devon", "Dorset", "Shropshire", "Telford and Wrekin", "Walsall", "Birmingham", "Bristol", "Surrey"),
    *("Lincolnshire", "North East Lincolnshire", "Sefton", "St Helens", "Bradford", "Peterborough", "Torbay"),
)
_SYLLABLES = ("bren", "tol", "wick", "mar", "fen", "dal", "hex", "orr", "pell", "sut", "vane", "quil")
_TRADES = ("Care", "Children's Services", "Residential", "Homes", "Childcare", "Support Services")


def an_article(
    text: str, *, title: str = "", published: str | None = None, outlet: str | None = None
) -> Reading:
    """An article that came in at the end of 2025."""
    day = PartialDate.parse(published).span if published else None
    return Reading(title=title, text=text, published=day, latest=dt.date(2025, 12, 31), outlet=outlet)


@cache
def crowd() -> tuple[list[Provider], list[dict[str, Any]], list[dict[str, Any]]]:
    """Providers, settings and inspections of 500 invented homes that no article is about."""
    dice = random.Random(7)
    names = [
        f"{''.join(dice.choices(_SYLLABLES, k=3)).title()} {dice.choice(_TRADES)} Ltd" for _ in range(150)
    ]
    providers = [Provider(id=f"crowd-{n}", name=name, names=(name,)) for n, name in enumerate(names)]
    homes, visits = [], []
    for number in range(500):
        urn = f"9{number:06}"
        homes.append(
            {
                "urn": urn,
                "authority": AUTHORITIES[number % len(AUTHORITIES)],
                "places": dice.choice((2, 3, 4, 4, 5, 6)),
                "provider": f"crowd-{dice.randrange(150)}",
                "sector": "Private",
            }
        )
        day = dt.date(2019, 1, 7) + dt.timedelta(days=dice.randrange(360))
        while day < dt.date(2025, 11, 1):
            visits.append({"urn": urn, "day": str(day), "overall": dice.choice(GRADES)})
            day += dt.timedelta(days=dice.randrange(280, 420))
    return providers, homes, visits


@cache
def other(count: int) -> list[InventedReport]:
    """Reports in which nothing is said that an article here quotes."""
    return Inspectorate(random.Random(3)).reports(count, words=60) if count else []


def a_register(
    *,
    providers: Mapping[str, Sequence[str]] | None = None,
    settings: Sequence[Mapping[str, Any]] = (),
    inspections: Sequence[Mapping[str, Any]] = (),
    reports: Sequence[Mapping[str, Any]] = (),
    crowded: bool = True,
    other_reports: int = 0,
) -> Register:
    """A register of these records, in a crowd of others unless asked otherwise.

    ``reports``: with ``facts`` they tell of the home and of demands as well; ``other_reports``: how many
    inspections of the crowd have a report.
    """
    others, homes, visits = crowd() if crowded else ([], [], [])
    all_homes, all_visits = [*homes, *settings], [*visits, *inspections]
    numbers = {home["urn"]: number for number, home in enumerate(all_homes)}
    records = Records(
        settings=[a_setting(**home) for home in all_homes],
        providers=[
            *others,
            *(Provider(id=i, name=n[0], names=tuple(n)) for i, n in (providers or {}).items()),
        ],
        inspections=with_previous(
            [an_inspection(numbers[one["urn"]], all_homes[numbers[one["urn"]]], **one) for one in all_visits]
        ),
        reports=[
            *((f"{one['urn']} {one['day']}", one["text"], [(0, len(one["text"]))]) for one in reports),
            *(
                (f"{visit['urn']} {visit['day']}", report.text, report.spans)
                for visit, report in zip(visits[:other_reports], other(other_reports), strict=True)
            ),
        ],
    )
    records.findings = Findings(
        _told(
            records.inspections,
            {
                **{
                    f"{one['urn']} {one['day']}": finding(one["facts"], one["text"])
                    for one in reports
                    if "facts" in one
                },
                **{
                    f"{one['urn']} {one['day']}": findings(one["urn"], one["day"], one["overall"])
                    for one in visits[:other_reports]
                },
            },
        )
    )
    return Register(records)


def _told(
    inspections: Sequence[Inspection], said: Mapping[str, Finding]
) -> list[tuple[str, int, str | None, Finding]]:
    return [(one.id, one.setting, one.grades[0], said[one.id]) for one in inspections if one.id in said]


def a_setting(urn: str, authority: str | list[str], **more: Any) -> Setting:
    """A private children's home with four places unless told otherwise."""
    held = [authority] if isinstance(authority, str) else authority
    places = more.get("places", 4)
    return Setting(
        id=f"setting {urn}",
        urn=urn,
        regulator="ofsted",
        kind=more.get("kind", "children's home"),
        name=more.get("name"),
        authorities=tuple(held),
        region=more.get("region"),
        constituency=more.get("constituency"),
        places=tuple(places) if isinstance(places, list) else (places,),
        sector=more.get("sector", "Private"),
        provider=more.get("provider"),
        owners=tuple(more.get("owners", [more["provider"]] if more.get("provider") else [])),
        registered=_day(more.get("registered")),
        closed=_day(more.get("closed")),
    )


def an_inspection(number: int, home: Mapping[str, Any], **more: Any) -> Inspection:
    """A full inspection, published 40 days after its first day unless told otherwise."""
    first = dt.date.fromisoformat(more["day"])
    overall = more.get("overall")
    return Inspection(
        id=f"{more['urn']} {more['day']}",
        setting=number,
        kind=more.get("kind", "full"),
        first=first,
        last=_day(more.get("last")) or first,
        published=_day(more.get("published")) or first + dt.timedelta(days=40),
        grades=(overall, more.get("protection", overall), more.get("leadership", overall)),
        capacity=None,
        provider=more.get("provider", home.get("provider")),
    )


@cache
def a_gazetteer() -> Gazetteer:
    """The places of the package's own data."""
    return Gazetteer()


def _day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None
