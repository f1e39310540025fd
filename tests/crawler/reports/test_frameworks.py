"""Every framework but the home's own of today: who, when, which grades; people left out; all invented."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

import pytest

from crawler.extract.pool import Pool
from crawler.reports.reading import read_report
from storage.records import Report
from tests.crawler.reports.letters import Line, Rows, letter_pdf
from tests.crawler.reports.samples import BEFORE_2014, FROM_2014, INTERIM_2015, PEOPLE

BETTER = "Requires improvement to be good"
INSPECTED = ("Inspected under the social care common inspection framework", 12)
OVERALL_2015 = "The overall experiences and progress of children and young people living in the home are"
IMPRINT = [("The Office for Standards in Education, Children’s Services and Skills (Ofsted) inspects.", 10)]


def details(kind: str, urn: str, *more: str) -> list[Line]:
    lines = (
        f"Unique reference number: {urn}",
        *more,
        "Registered provider address: Example House, Station Road, Exampleton EX4 5MP",
        "Responsible individual: Ada Quillfeather",
        "Registered manager: Ben Ottershaw",
        "Telephone number: 0300 555 0199",
    )
    return [
        (f"{kind} details", 14),
        *((line, 12) for line in lines),
        ("Inspector", 14),
        ("Cora Winterbottom", 12),
    ]


@dataclass(frozen=True, kw_only=True)
class Case:
    """A report's parts and what it must give."""

    top: list[Line]
    grades: Rows = ()
    body: list[Line]
    framework: str
    kind: str
    setting_kind: str
    urn: str
    days: tuple[str, str]
    judged: dict[str, str]
    facts: dict[str, Any]

    def read(self) -> Report:
        with Pool(workers=1) as pool:
            return pool.run(read_report, letter_pdf(self.top, self.grades, [*self.body, *IMPRINT]))


SCHOOL = Case(
    top=[
        ("SC990501", 20),
        ("Registered provider: The Fernhollow Trust", 12),
        ("Full inspection", 14),
        INSPECTED,
        ("Information about this residential special school", 14),
        ("The school has beds for up to 30 pupils, who are young people with autism and anxiety.", 12),
        ("Inspection dates: 12 to 14 March 2024", 12),
    ],
    grades=(
        ("Overall experiences and progress of children and young people, taking into account", "good"),
        ("How well children and young people are helped and protected", "outstanding"),
        ("The effectiveness of leaders and managers", "requires improvement to be good"),
    ),
    body=[
        ("Date of last inspection: 6 June 2023", 12),
        ("Overall judgement at last inspection: good", 12),
        ("Inspection judgements", 14),
        ("Pupils enjoy their stays.", 12),
        *details("Residential special school", "SC990501", "Headteacher: Dan Example"),
    ],
    framework="sccif",
    kind="full",
    setting_kind="residential special school",
    urn="SC990501",
    days=("2024-03-12", "2024-03-14"),
    judged={"overall": "Good", "protection": "Outstanding", "leadership": BETTER},
    facts={"provider": "The Fernhollow Trust", "last_inspection": "2023-06-06", "last_judgement": "Good"},
)  # fmt: skip
FOSTERING = Case(
    top=[
        ("9900502", 20),
        ("Registered provider: Larkmoor Fostering Limited", 12),
        ("Full inspection", 14),
        INSPECTED,
        ("Information about this independent fostering agency", 14),
        ("The agency has approved 61 households.", 12),
        ("Inspection dates: 30 September to 4 October 2019", 12),
        ("Overall experiences and progress of children and young people, taking into account", 12),
        ("inadequate", 12),
        ("How well children and young people are helped and protected", 12),
        ("inadequate", 12),
        ("The effectiveness of leaders and managers", 12),
        ("inadequate", 12),
    ],
    body=[
        ("What does the independent fostering agency need to do to improve?", 14),
        ("Statutory requirements", 12),
        ("Ensure that the welfare of each child is promoted. (Regulation 11 (a)) 15 November 2019", 12),
        ("Recommendations", 12),
        ("Records should be kept (national minimum standards 26.1).", 12),
        ("Inspection judgements", 14),
        ("Carers feel alone.", 12),
        *details("Independent fostering agency", "9900502"),
    ],
    framework="sccif",
    kind="full",
    setting_kind="fostering agency",
    urn="9900502",
    days=("2019-09-30", "2019-10-04"),
    judged=dict.fromkeys(("overall", "protection", "leadership"), "Inadequate"),
    facts={"requirements": [11], "requirements_due": "2019-11-15", "provider": "Larkmoor Fostering Limited"},
)  # fmt: skip
FAMILY_CENTRE = Case(
    top=[
        ("SC990503", 20),
        ("Registered provider: Wend Valley Assessments Ltd", 12),
        ("Full inspection", 14),
        INSPECTED,
        ("Information about this residential family centre", 14),
        ("The centre is registered to accommodate up to eight families.", 12),
        ("Inspection dates: 6 to 7 February 2018", 12),
    ],
    grades=(
        ("Overall experiences and progress of children and parents, taking into account", "outstanding"),
        ("How well children and parents are helped and protected", "good"),
        ("The effectiveness of leaders and managers", "outstanding"),
    ),
    body=[
        ("Inspection judgements", 14),
        ("Overall experiences and progress of children and parents: outstanding", 13),
        ("Parents learn.", 12),
        *details("Residential family centre", "SC990503"),
    ],
    framework="sccif",
    kind="full",
    setting_kind="residential family centre",
    urn="SC990503",
    days=("2018-02-06", "2018-02-07"),
    judged={"overall": "Outstanding", "protection": "Good", "leadership": "Outstanding"},
    facts={"provider": "Wend Valley Assessments Ltd"},
)  # fmt: skip
SUPPORTED = Case(
    top=[
        ("9900504", 20),
        ("Registered provider: Harbour Keys Limited", 12),
        ("Full inspection", 14),
        INSPECTED,
        ("Information about this supported accommodation provider", 14),
        ("The provider supports up to 24 young people who are seeking asylum.", 12),
        ("Inspection dates: 21 to 23 January 2025", 12),
        ("Inspection outcome", 14),
        ("Inconsistent quality of service delivery adversely affects what some children live through.", 12),
        ("Leaders must improve. The next inspection follows in about 18 months.", 12),
    ],
    body=[
        ("Inspection judgements", 14),
        ("Flats are warm, and one team gives consistently strong service delivery.", 12),
        *details("Supported accommodation provider", "9900504"),
    ],
    framework="supported accommodation",
    kind="full",
    setting_kind="supported accommodation",
    urn="9900504",
    days=("2025-01-21", "2025-01-23"),
    judged={"overall": "Inconsistent quality of service delivery"},
    facts={"capacity": 24},
)
INTERIM = Case(
    top=[
        ("9900505", 20),
        ("Registered provider: Larkmoor Homes Limited", 12),
        ("Interim inspection", 14),
        INSPECTED,
        ("Information about this children’s home", 14),
        ("The home cares for three children.", 12),
        ("Inspection date: 14 February 2018", 12),
        ("Judgement at last inspection: good", 12),
        ("Date of last inspection: 4 July 2017", 12),
        ("Enforcement action since last inspection: none", 12),
        ("This inspection", 14),
        ("The effectiveness of the home since the most recent full inspection", 12),
        ("This home was judged good before. Ofsted now judges that it has sustained effectiveness.", 12),
    ],
    body=[("Children do well.", 12), *details("Children’s home", "9900505")],
    framework="sccif",
    kind="interim",
    setting_kind="children's home",
    urn="9900505",
    days=("2018-02-14", "2018-02-14"),
    judged={"overall": "Sustained effectiveness"},
    facts={"last_inspection": "2017-07-04", "last_judgement": "Good", "enforcement_since_last": "none"},
)  # fmt: skip
MONITORING = Case(
    top=[
        ("9900506", 20),
        ("Registered provider: Larkmoor Homes Limited", 12),
        ("Monitoring visit", 14),
        INSPECTED,
        ("Information about this children’s home", 14),
        ("The home cares for up to three children.", 12),
        ("Inspection date: 3 June 2021", 12),
        ("This monitoring visit", 14),
        ("The home was judged inadequate in April. Two compliance notices were met.", 12),
    ],
    body=[
        ("Recent inspection history", 14),
        ("Inspection date Inspection type Inspection judgement", 12),
        ("20/04/2021 Full Inadequate", 12),
        *details("Children’s home", "9900506"),
    ],
    framework="sccif",
    kind="monitoring",
    setting_kind="children's home",
    urn="9900506",
    days=("2021-06-03", "2021-06-03"),
    judged={},
    facts={"capacity": 3, "history": [["2021-04-20", "Full", "Inadequate"]]},
)
ASSURANCE = Case(
    top=[
        ("9900507", 20),
        ("Registered provider: Larkmoor Homes Limited", 12),
        ("Assurance visit", 14),
        ("Information about this children’s home", 14),
        ("The home cares for up to two children.", 12),
        ("Visited under the social care common inspection framework", 12),
        ("Visit dates: 9 to 10 November 2020", 12),
        ("Previous inspection date: 5 March 2020", 12),
        ("Previous inspection judgement: Outstanding", 12),
    ],
    body=[
        ("Findings from the visit", 14),
        ("We found no serious or widespread concerns about the care of children.", 12),
        ("The care of children", 13),
        ("Children feel at home.", 12),
        *details("Children’s home", "9900507"),
    ],
    framework="sccif",
    kind="assurance",
    setting_kind="children's home",
    urn="9900507",
    days=("2020-11-09", "2020-11-10"),
    judged={},
    facts={"last_inspection": "2020-03-05", "last_judgement": "Outstanding"},
)
FULL_2015 = Case(
    top=[
        ("Children’s homes inspection - Full", 18),
        ("Inspection date 21/10/2015", 12),
        ("Unique reference number SC990508", 12),
        ("Type of inspection Full", 12),
        ("Provision subtype Children’s home", 12),
        ("Registered person Fernhollow Homes Ltd", 12),
        ("Registered manager Ben Ottershaw", 12),
        ("Inspector Cora Winterbottom", 12),
    ],
    grades=(
        (OVERALL_2015, "Requires improvement"),
        ("How well children and young people are helped and protected", "Good"),
        ("The impact and effectiveness of leaders and managers", "Requires improvement"),
    ),
    body=[("Full report", 14), ("Young people like their rooms.", 12)],
    framework="2014",
    kind="full",
    setting_kind="children's home",
    urn="SC990508",
    days=("2015-10-21", "2015-10-21"),
    judged={"overall": BETTER, "protection": "Good", "leadership": BETTER},
    facts={"provider": "Fernhollow Homes Ltd"},
)  # fmt: skip
FOSTERING_2014 = Case(
    top=[
        ("Inspection report for independent fostering agency", 18),
        ("Unique reference number SC990509", 12),
        ("Inspection date 03/03/2014", 12),
        ("Inspector Cora Winterbottom", 12),
        ("Type of inspection Full", 12),
        ("Provision subtype Independent fostering agency", 12),
        ("Setting address Example House, Station Road, EXAMPLETON, EX4 5MP", 12),
        ("Telephone number 0300 555 0199", 12),
        ("Registered person Larkmoor Fostering Limited", 12),
        ("Registered manager Ben Ottershaw", 12),
        ("Responsible individual Ada Quillfeather", 12),
        ("Date of last inspection 07/02/2011", 12),
    ],
    grades=(
        ("Overall effectiveness", "Good"),
        ("Outcomes for children and young people", "Outstanding"),
        ("Quality of service", "Good"),
        ("Safeguarding children and young people", "Adequate"),
        ("Leadership and management", "Good"),
    ),
    body=[("Service information", 14), ("Carers are trained.", 12)],
    framework="2010",
    kind="full",
    setting_kind="fostering agency",
    urn="SC990509",
    days=("2014-03-03", "2014-03-03"),
    judged={
        "overall": "Good",
        "outcomes": "Outstanding",
        "quality_of_care": "Good",
        "protection": "Adequate",
        "leadership": "Good",
    },
    facts={"last_inspection": "2011-02-07", "provider": "Larkmoor Fostering Limited"},
)
SCHOOL_2013 = Case(
    top=[
        ("Inspection report for residential special school", 18),
        ("Social care unique reference number SC990510", 12),
        ("Inspection dates 12/11/2013 to 14/11/2013", 12),
        ("Inspector Cora Winterbottom", 12),
        ("Type of inspection Key", 12),
    ],
    body=[
        ("Overall effectiveness of the residential experience", 14),
        ("The overall effectiveness of the residential experience is good.", 12),
        ("Outcomes for residential pupils", 14),
        ("Outcomes for residential pupils are outstanding.", 12),
        ("Quality of residential provision and care", 14),
        ("The quality of residential provision and care is good.", 12),
        ("Residential pupils’ safety", 14),
        ("Residential pupils’ safety is adequate.", 12),
        ("Leadership and management of the residential provision", 14),
        ("The leadership and management of the residential provision are good.", 12),
    ],
    framework="2010",
    kind="full",
    setting_kind="residential special school",
    urn="SC990510",
    days=("2013-11-12", "2013-11-14"),
    judged={
        "overall": "Good",
        "outcomes": "Outstanding",
        "quality_of_care": "Good",
        "protection": "Adequate",
        "leadership": "Good",
    },
    facts={},
)
CASES = {name.lower(): case for name, case in globals().items() if isinstance(case, Case)}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_who_when_and_how_judged(case: Case) -> None:
    report = case.read()
    claim = report.claim
    assert claim is not None
    assert (report.framework, claim.kind, claim.setting_kind) == (
        case.framework,
        case.kind,
        case.setting_kind,
    )
    assert (claim.urn, dict(claim.judgements)) == (case.urn, case.judged)
    assert (claim.first_day, claim.last_day) == tuple(map(dt.date.fromisoformat, case.days))
    assert {name: report.facts[name] for name in case.facts} == case.facts
    assert [who for who in (*PEOPLE, "Dan Example") if who in report.text] == []
    assert claim.setting_name is None, "nothing that is told of a home names it"


@pytest.mark.parametrize(
    ("text", "kind", "overall"),
    [
        (FROM_2014, "full", "Good"),
        (INTERIM_2015, "interim", "Declined effectiveness"),
        (BEFORE_2014, "full", "Good"),
    ],
)
def test_homes_of_2010_to_2016_as_pdf(text: str, kind: str, overall: str) -> None:
    lines = [(line.strip(), 12) for line in text.splitlines() if line.strip()]
    claim = read_report(letter_pdf(lines, (), [("End.", 12)])).claim
    assert claim is not None
    assert (claim.kind, claim.judgements["overall"]) == (kind, overall)


def test_the_other_outcomes_of_supported_accommodation() -> None:
    for told, kept in (
        (
            "Consistently strong service delivery leads to good progress.",
            "Consistently strong service delivery",
        ),
        ("Serious or widespread weaknesses lead to worry.", "Serious or widespread weaknesses"),
    ):
        top = [*SUPPORTED.top[:-2], (told, 12)]
        report = read_report(letter_pdf(top, (), SUPPORTED.body))
        assert report.facts["overall"] == kept
