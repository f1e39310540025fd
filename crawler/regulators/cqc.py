"""CQC: the directories of active locations, as published monthly; settings and providers are public by name.

Two tables are known: the ratings directory, whose columns begin with *Location* and *Provider*, and the
plain directory (*CQC Location ID (for office use only)*). A location keeps its number only under one
provider. Ratings stand in them without the day of the inspection, and what is called *Publication Date*
has been the day of registration: inspections come from the API's answers and the reports.
"""

import re

from crawler.regulators.declared import Layout, Meaning, Regulator

_REGISTER = (
    Meaning(
        field="urn",
        seen=("Location ID", "CQC Location ID (for office use only)", "CQC Location ID", "Location CQC ID"),
        required=True,
    ),
    Meaning(
        field="kind",
        seen=(
            "Service Types",
            "Service type",
            "Location Type/Sector",
            "Location Primary Inspection Category",
        ),
        required=True,
    ),
    Meaning(field="local_authority", seen=("Location Local Authority", "Local authority"), required=True),
    Meaning(field="name", seen=("Location Name", "Name")),
    Meaning(field="owner", seen=("Provider Name",)),
    Meaning(field="region", seen=("Location Region", "Region", "Location ADASS Region")),
    Meaning(field="constituency", seen=("Location Parliamentary Constituency", "Parliamentary constituency")),
    Meaning(field="places", seen=("Care homes beds", "Care home beds", "Number of beds")),
    Meaning(
        field="registered", seen=("Location HSCA start date", "Location start date", "Registration date")
    ),
    Meaning(field="status", seen=("Dormant", "Dormant (Y/N)")),
)
_COUNTED = (
    "number of locations",
    "national group size (based on locations)",
    "number of beds",
    "share of beds (nationally)",
    "number of local authority areas where it has locations",
    "% of local authority areas where it has locations",
)
_IGNORED = (
    # addresses, numbers and people
    *("Location Street Address", "Location Address Line 2", "Location City", "Location County"),
    *("Location Postal Code", "Location Latitude", "Location Longitude", "Location Web Address"),
    *("Location telephone number", "Location UPRN", "Location ODS Code", "Location URL"),
    *("Address", "Postcode", "Phone number", "Service's website (if available)", "Also known as"),
    *("Provider Street Address", "Provider Address Line 2", "Provider City", "Provider County"),
    *("Provider Postal Code", "Provider ID", "CQC Provider ID (for office use only)", "Registered manager"),
    # ratings without the day of the inspection
    *("Location Latest Overall Rating", "Publication Date", "Date of latest check"),
    *("Location safe rating", "Location effective rating", "Location caring rating"),
    *("Location responsive rating", "Location well-led rating"),
    *("Comments within last month / comments last recorded",),
    # what other columns say already, and what CQC computes
    *("Primary inspection category", "Service users supported", "Specialisms/services"),
    *("Size of care home (bands by number of beds)", "Location HSCA end date"),
    *("Location length of service (bands by number of years)", "Provider HSCA start date"),
    *("Provider length of service (bands by number of years)", "Provider Ownership Type"),
    *("Provider Companies House Number", "Brand ID", "Brand Name"),
    *(f"{whose} characteristic - {what}" for whose in ("Provider", "Brand") for what in _COUNTED),
)

REGION_NAMES = {
    "south east": "South East",
    "south west": "South West",
    "greater london": "London",
    "london": "London",
    "east": "East of England",
    "east of england": "East of England",
    "north west": "North West",
    "north east": "North East",
    "west midlands": "West Midlands",
    "east midlands": "East Midlands",
    "yorkshire and humber": "Yorkshire and The Humber",
    "yorkshire & humberside": "Yorkshire and The Humber",
}

KINDS = {
    # of a location with several services the first of these is its kind
    "care home service with nursing": "care home with nursing",
    "nursing homes": "care home with nursing",
    "care home service without nursing": "care home",
    "residential homes": "care home",
    "hospice services": "hospice",
    "hospices": "hospice",
    "supported living service": "supported living",
    "supported living": "supported living",
    "extra care housing services": "extra care housing",
    "supported housing": "extra care housing",
    "domiciliary care service": "homecare agency",
    "homecare agencies": "homecare agency",
    "dental service": "dental practice",
    "dentist": "dental practice",
    "doctors consultation service": "doctors' practice",
    "doctors treatment service": "doctors' practice",
    "doctors/gps": "doctors' practice",
    "mobile doctors service": "doctors' practice",
    "ambulance service": "ambulance service",
    "ambulances": "ambulance service",
    "acute services with overnight beds": "hospital",
    "acute services without overnight beds": "hospital",
    "hospital": "hospital",
    "hospitals - mental health/capacity": "hospital",
    "community healthcare service": "community health service",
    "rehabilitation services": "community health service",
    "community based services for people with mental health needs": "community health service",
    "community based services for people with a learning disability": "community health service",
    "social care org": "other",
}

RATINGS = {
    "outstanding": "Outstanding",
    "good": "Good",
    "requires improvement": "Requires improvement to be good",
    "inadequate": "Inadequate",
    "inspected but not rated": "Inspected but not rated",
}
"""CQC writes *Requires improvement*; one grade has one spelling here, so that a story's words meet it."""

CQC = Regulator(
    name="cqc",
    # 1-1234567890, and what the NHS gives its own: RM3Y3
    urn=re.compile(r"1-\d{6,12}|[A-Z0-9]{3,9}"),
    leading=frozenset(),
    layouts={"register": Layout(meanings=_REGISTER, ignored=_IGNORED)},
    kinds=KINDS,
    inspection_kinds={},
    grades=RATINGS,
    progress={},
    statuses={"n": "Active", "y": "Dormant", "registered": "Active", "deregistered": "Closed"},
    sectors={},
    regions=frozenset(REGION_NAMES),
    region_names=REGION_NAMES,
    title_says={
        "register": re.compile(r"directory|active locations", re.I),
        "inspections": re.compile(r"(?!)"),
        "changes": re.compile(r"deactivated|inactive", re.I),
    },
)
