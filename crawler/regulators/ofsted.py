"""Ofsted: the yearly tables "Children's social care data in England", as published since 2013.

Headings drift every year; each meaning lists those seen, and near spellings are taken too
(``crawler.regulators.columns``). Judgements were numbers in 2013/14 and words since.
"""

import re

from crawler.regulators.declared import Layout, Meaning, Regulator

_PLACE = (
    Meaning(field="local_authority", seen=("Local authority",), required=True),
    Meaning(
        field="region",
        seen=("Government Office Region", "government_office_region_name", "Region", "Ofsted region"),
    ),
    Meaning(field="constituency", seen=("Parliamentary constituency",)),
)
_SETTING = (
    Meaning(field="urn", seen=("URN", "Provider URN", "Unique reference number"), required=True),
    Meaning(field="kind", seen=("Provision type", "Provider type", "Type of provision"), required=True),
    Meaning(field="name", seen=("Setting name", "Name", "Provider name")),
    Meaning(field="sector", seen=("Sector",)),
    Meaning(field="places", seen=("Places", "Registered places", "Number of places", "Maximum places")),
    Meaning(
        field="owner",
        seen=(
            "Organisation which owns the provider",
            "Organisation",
            "Organisation name",
            "Registered provider",
            "Owner",
        ),
    ),
    *_PLACE,
)
_REGISTERED = Meaning(
    field="registered", seen=("Registration date", "Date registered", "Date of registration")
)
_STATUS = Meaning(field="status", seen=("Registration status", "Reg status", "Provider status"))

_JUDGED = (
    Meaning(
        field="overall",
        seen=(
            "Overall experiences and progress of children and young people",
            "Overall effectiveness",
            "Supported accommodation outcome",
        ),
    ),
    Meaning(
        field="protection",
        seen=(
            "How well children and young people are helped and protected",
            "Safeguarding children and young people",
            "The safety of children and young people",
            "Safeguarding",
            "Protecting children from harm or neglect and helping them stay safe",
            "Residential pupils' safety",
            "Boarders' safety",
        ),
    ),
    Meaning(
        field="leadership",
        seen=(
            "The effectiveness of leaders and managers",
            "Effectiveness of leaders and managers",
            "Leadership and management",
            "Leadership and management of residential provision",
            "Leadership and management of boarding",
        ),
    ),
    Meaning(field="education", seen=("Outcomes in education and related learning activities",)),
    Meaning(field="health", seen=("Health services",)),
    Meaning(
        field="outcomes",
        seen=(
            "Outcomes for children and young people",
            "Experiences and progress of, and outcomes for, children and young people",
            "Outcomes for service users",
            "Outcomes for residential pupils",
            "Outcomes for boarders",
            "Outcomes for young people",
        ),
    ),
    Meaning(
        field="quality_of_care",
        seen=(
            "Quality of care",
            "Quality of service",
            "Quality of care, support and guidance",
            "Quality of residential provision and care",
            "Quality of boarding provision and care",
        ),
    ),
)
_INSPECTED = (
    Meaning(field="inspection_kind", seen=("Inspection event type", "Event type", "Event type group")),
    Meaning(field="day", seen=("Inspection date", "Event date", "Visit date")),
    Meaning(field="published", seen=("Publication date", "Date published", "Report publication date")),
    Meaning(field="event_number", seen=("Event number", "Inspection ID", "Inspection number")),
    *_JUDGED,
)
_PREVIOUS = tuple(
    Meaning(field=f"previous_{meaning.field}", seen=tuple(f"Previous {seen}" for seen in meaning.seen))
    for meaning in _INSPECTED
)
_IN_YEAR = tuple(
    Meaning(field=meaning.field, seen=meaning.seen, required=meaning.field in {"inspection_kind", "day"})
    for meaning in _INSPECTED
)
_IGNORED = (
    *("Web link", "Address 1", "Address 2", "Address", "Town", "County", "Postcode"),
    *("Provider address 1", "Provider address 2", "Provider town", "Provider postcode"),
    *("Linked education URN", "Linked ED URN", "Short breaks only", "Short breaks only children's home"),
    *("Multi building children's home", "Premises", "Supported accommodation premises"),
    *("Quality of assessment", "Helping children to be healthy", "Achieving economic wellbeing"),
    *("Helping children to make a positive contribution", "Notes", "Reason", "Flag for appealed"),
    *("Inspectorate", "Registration status at start"),
)
_CHANGES = (
    Meaning(field="joiner", seen=("Joiner status", "Joiner"), required=True),
    Meaning(field="leaver", seen=("Leaver status", "Leaver"), required=True),
    Meaning(
        field="registered",
        seen=("Registration date", "First effective date (that the provider became active)"),
    ),
    Meaning(field="resigned", seen=("First effective date (that the provider became resigned)",)),
    Meaning(
        field="closed",
        seen=(
            "First effective date (that the provider closed)",
            "Date closed",
            "Cancelled or resigned date",
            "Resigned/closed date",
            "Closed date",
        ),
    ),
    Meaning(field="cancelled", seen=("First effective date (that the provider became cancelled)",)),
    Meaning(field="status", seen=("Registration status", "Registration status (as at @enddate)")),
)

_WORDS = {
    "outstanding": "Outstanding",
    "good": "Good",
    "requires improvement to be good": "Requires improvement to be good",
    "requires improvement": "Requires improvement to be good",
    "adequate": "Adequate",
    "satisfactory": "Adequate",
    "inadequate": "Inadequate",
    "not judged": "Not judged",
    "nms not met": "National minimum standards not met",
    "nms met": "National minimum standards met",
    "good progress": "Good progress",
    "satisfactory progress": "Satisfactory progress",
    "inadequate progress": "Inadequate progress",
    "consistently strong service delivery": "Consistently strong service delivery",
    "inconsistent quality of service delivery": "Inconsistent quality of service delivery",
    "serious or widespread weaknesses": "Serious or widespread weaknesses",
}

OFSTED = Regulator(
    name="ofsted",
    # Schools' own numbers have six digits and are another scheme.
    urn=re.compile(r"SC\d{6}|\d{7}"),
    leading=frozenset(
        {"latest", "last", "most", "recent", "current", "full", "inspection", "inspectio", "event"}
    ),
    layouts={
        "register": Layout(
            meanings=(*_SETTING, _REGISTERED, _STATUS, *_INSPECTED, *_PREVIOUS), ignored=_IGNORED
        ),
        "inspections": Layout(
            meanings=(*_SETTING, _REGISTERED, _STATUS, *_IN_YEAR, *_PREVIOUS), ignored=_IGNORED
        ),
        "changes": Layout(meanings=(*_SETTING, *_CHANGES), ignored=_IGNORED),
    },
    kinds={
        "children's home": "children's home",
        "secure children's home": "secure children's home",
        "secure training centre": "secure training centre",
        "residential special school": "residential special school",
        "residential special school (registered as a children's home)": (
            "residential special school registered as a children's home"
        ),
        "residential special school (>295 days/year)": (
            "residential special school registered as a children's home"
        ),
        "residential family centre": "residential family centre",
        "residential holiday scheme for disabled children": "residential holiday scheme",
        "supported accommodation": "supported accommodation",
        "independent fostering agency": "fostering agency",
        "independent fostering provider": "fostering agency",
        "voluntary adoption agency": "adoption agency",
        "adoption support agency": "adoption support agency",
        "boarding school": "boarding school",
        "further education college with residential accommodation": (
            "further education college with residence"
        ),
        "local authority children's services": "local authority children's services",
        "cafcass": "other",
    },
    inspection_kinds={
        "full inspection": "full",
        "interim inspection": "interim",
        "sc interim": "interim",
        "monitoring inspection": "monitoring",
        "monitoring visit": "monitoring",
        "sc monitoring inspection": "monitoring",
        "assurance visit": "assurance",
        "assurance inspection": "assurance",
        "emergency inspection": "other",
        "emergency visit": "other",
        "sc – emergency inspection": "other",
    },
    grades=_WORDS | {"1": "Outstanding", "2": "Good", "3": "Adequate", "4": "Inadequate"},
    progress=_WORDS
    | {
        "improved effectiveness": "Improved effectiveness",
        "sustained effectiveness": "Sustained effectiveness",
        "declined effectiveness": "Declined effectiveness",
        "declined in effectiveness": "Declined effectiveness",
    },
    statuses={
        "active": "Active",
        "suspended": "Suspended",
        "resigned": "Resigned",
        "cancelled": "Cancelled",
        "closed": "Closed",
        "proposed": "Proposed",
    },
    sectors={
        "private": "Private",
        "voluntary": "Voluntary",
        "local authority": "Local authority",
        "health authority": "Health authority",
        "academy": "Academy",
        "public sector": "Public sector",
    },
    regions=frozenset(
        {"north west", "north east", "yorkshire and the humber", "north east, yorkshire and the humber"}
        | {"east midlands", "west midlands", "east of england", "london", "south east", "south west", "wales"}
    ),
    title_says={
        "register": re.compile(r"provider.level.(as.)?at|latest full inspection|as at \d", re.I),
        "inspections": re.compile(r"in.year", re.I),
        "changes": re.compile(r"leavers|joiners", re.I),
    },
    endings={"Resigned": "resigned", "Cancelled": "cancelled", "Closed": "closed"},
)
