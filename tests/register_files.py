"""Invented tables in the shapes a regulator publishes: one call a file, every cell open to change."""

import csv
import io
from collections.abc import Iterable, Sequence

AUTHORITIES = ("Bolton", "Leeds", "Kent", "Devon", "Durham", "Norfolk")
OWNERS = (
    "Lantern Hill Care Limited",
    "Bramblewick Homes Ltd",
    "Otterburn Fostering CIC",
    "Hathersdale City Council",
    "Saltmarsh & Dune Children's Services Ltd",
)
REGIONS = {
    "Bolton": "North West",
    "Leeds": "Yorkshire and The Humber",
    "Kent": "South East",
    "Devon": "South West",
    "Durham": "North East",
    "Norfolk": "East of England",
}
JUDGED = "Overall experiences and progress of children and young people"
PROTECTED = "How well children and young people are helped and protected"
LED = "The effectiveness of leaders and managers"


def a_home(number: int = 1, **changed: str) -> dict[str, str]:
    """A row of a register, by heading; every heading can be given as ``Local_authority="Kent"``."""
    authority = AUTHORITIES[number % len(AUTHORITIES)]
    row = {
        "Web link": "Provider page",
        "URN": f"SC{700000 + number}",
        "Provision type": "Children's home",
        "Registration date": f"{number % 27 + 1:02}/05/2011",
        "Registration status": "Active",
        "Name": "REDACTED",
        "Address 1": "REDACTED",
        "Postcode": "REDACTED",
        "Government Office Region": REGIONS[authority],
        "Local authority": authority,
        "Sector": "Private",
        "Places": str(number % 6 + 2),
        "Organisation which owns the provider": OWNERS[number % len(OWNERS)],
        "Latest full inspection event type": "Full inspection",
        "Latest full inspection date": f"{number % 27 + 1:02}/11/2022",
        "Latest full inspection publication date": f"{number % 27 + 1:02}/12/2022",
        "Latest full inspection event number": str(10200000 + number),
        JUDGED: "Good",
        PROTECTED: "Good",
        LED: "Requires improvement to be good",
    }
    return row | {heading.replace("_", " "): value for heading, value in changed.items()}


def homes(count: int, **changed: str) -> list[dict[str, str]]:
    """That many rows of a register."""
    return [a_home(number, **changed) for number in range(1, count + 1)]


def a_visit(number: int = 1, **changed: str) -> dict[str, str]:
    """A row of a table of inspections in a year."""
    row = {
        heading.replace("Latest full inspection", "Inspection"): value
        for heading, value in a_home(number).items()
    }
    return row | {heading.replace("_", " "): value for heading, value in changed.items()}


def visits(count: int) -> list[dict[str, str]]:
    """That many rows of inspections; every third home was visited twice."""
    again = [
        a_visit(
            number,
            Inspection_event_type="Monitoring inspection",
            Inspection_date=f"{number % 27 + 1:02}/03/2023",
            Inspection_publication_date="30/03/2023",
            Inspection_event_number=str(10300000 + number),
            **{JUDGED: "", PROTECTED: "", LED: ""},
        )
        for number in range(3, count + 1, 3)
    ]
    return [a_visit(number) for number in range(1, count + 1)] + again


def a_leaver(number: int = 1, **changed: str) -> dict[str, str]:
    """A row of joiners and leavers: a home that resigned."""
    row = {
        "URN": f"SC{700000 + number}",
        "Provision type": "Children's home",
        "Local authority": AUTHORITIES[number % len(AUTHORITIES)],
        "Sector": "Private",
        "Places": "3",
        "Registration date": "04/05/2011",
        "Cancelled or resigned date": "14/01/2024",
        "Joiner status": "",
        "Leaver status": "Leaver",
        "Registration status at 31 March 2024": "Resigned",
        "Name": "REDACTED",
    }
    return row | {heading.replace("_", " "): value for heading, value in changed.items()}


def a_csv(
    rows: Sequence[dict[str, str]],
    *,
    titles: Iterable[Sequence[str]] = (),
    headings: dict[str, str] | None = None,
    encoding: str = "utf-8",
    delimiter: str = ",",
) -> bytes:
    """The rows as a file: ``titles`` are lines above the header, ``headings`` renames columns."""
    names = list(rows[0]) if rows else []
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter)
    writer.writerows(titles)
    writer.writerow([(headings or {}).get(name, name) for name in names])
    writer.writerows([row.get(name, "") for name in names] for row in rows)
    return out.getvalue().encode(encoding)


def a_register(count: int = 30, **changed: str) -> bytes:
    """A register as CSV."""
    return a_csv(homes(count, **changed))
