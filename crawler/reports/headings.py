"""The headings of reports in every framework, and texts in which they ran into the rest."""

import itertools
import re
from typing import Final

from crawler.reports.document import Document, Paragraph
from crawler.reports.grades import JUDGEMENT

SETTING: Final = (
    r"(?:(?:secure\s+)?children[’']?s[’']?\s+homes?|residential\s+special\s+school|boarding\s+school|"
    r"residential\s+family\s+centre|residential\s+holiday\s+scheme|(?:independent\s+)?fostering\s+(?:agency|service)|"
    r"(?:voluntary\s+)?adoption\s+(?:support\s+)?agency|supported\s+accommodation(?:\s+provider)?|home|school|"
    r"service|agency|provider|centre|setting)"
)
"""The kinds of setting, as headings name them."""

IMPROVE: Final = rf"What does the {SETTING} need to do to improve\??"
STATUTORY: Final = r"Statutory [Rr]equirements?"
RECOMMENDATIONS: Final = r"(?:Recommendations?|Points? for improvement|National [Mm]inimum [Ss]tandards)"
HISTORY: Final = r"(?:Recent inspection|Inspection) history"
DETAILS: Final = rf"(?:(?i:{SETTING})|Provider|Service|Setting)(?:[’']s)? details"

_PERSON: Final = r"(?:children|young people|parents|families|adults|service users|birth relatives)"
_WHO: Final = rf"{_PERSON}(?:(?:, and | and |, ){_PERSON})*"

_JUDGED: Final = (
    rf"(?:The )?[Oo]verall experiences and progress of {_WHO}(?: living in the home)?",
    rf"How well {_WHO} are helped and protected",
    r"The (?:impact and )?effectiveness of leaders and managers",
    r"(?:The )?[Oo]utcomes in education and related learning activities",
    r"(?:The )?[Oo]utcomes for children and young people",
    r"The quality of care(?: and support)?",
    r"Quality of (?:care|service)",
    r"(?:Safeguarding|Keeping) children and young people(?: safe)?(?: and feeling safe)?",
    r"Leadership and management",
    r"Overall effectiveness(?: of the (?:residential|boarding) experience)?",
    r"(?:Outcomes for )?(?:residential pupils|Residential pupils|boarders|Boarders)(?:[’'] safety)?",
    r"Quality of (?:residential|boarding) provision and care",
    r"(?:The )?[Ii]nspection outcome",
    r"The (?:health of children and young people|children[’']s education and learning)",
)
_OTHERS: Final = (
    rf"Information about th(?:is|e) {SETTING}",
    r"Information about th(?:is|e) (?:inspection|visit|monitoring visit)",
    r"Inspection judgements",
    r"The inspection judgements(?: and what they mean)?",
    r"What (?:the )?inspection judgements mean",
    r"Key findings(?: from this inspection)?",
    r"This (?:inspection|visit|monitoring visit|assurance visit)",
    r"(?:The )?[Pp]urpose of th(?:is|e) (?:inspection|visit|monitoring visit)",
    r"About this (?:inspection|visit|service)",
    r"(?:Findings|Summary)(?: from (?:the|this) (?:visit|inspection))?",
    r"The care of children",
    r"The safety of children",
    r"Leaders and managers",
    r"Service information",
    r"Brief description of the service",
    r"Areas (?:for|of) improvement",
    r"Full report",
    r"Summary of (?:findings|concerns|action)",
    r"Compliance notices?",
    HISTORY, STATUTORY, RECOMMENDATIONS, IMPROVE, DETAILS,
)  # fmt: skip

HEADING: Final = re.compile(
    rf"(?:{'|'.join(_OTHERS)}):?|(?:{'|'.join(_JUDGED)})(?:\s*:\s*(?i:{JUDGEMENT})?)?\.?"
)
"""What a whole paragraph must match to be a heading."""

_LABELLED: Final = (
    r"Registered (?:provider|person)(?: address)?\b",
    r"(?:Inspected|Visited) under the ",
    r"(?:Full|Interim|Monitoring|Assurance) (?:inspection|visit)\b",
    r"(?:Inspection|Visit) dates?:",
    r"(?:Inspection date(?= \d)|Type of inspection|Provision sub-?type|Unique reference number)\b",
    r"(?:Responsible individual|Registered manager|Inspectors?|Setting address|Telephone number|Email)"
    r"(?=:| [A-Z\d])",
    r"(?:Previous|Overall) (?:inspection )?judgement",
    r"Enforcement action since (?:the )?last inspection",
    r"Date of (?:last|previous) inspection",
    r"There are (?:serious|no serious)",
)
_BREAK: Final = re.compile(
    rf"(?<![\w“\"‘'(])(?:{'|'.join((*_OTHERS[:3], *_OTHERS[5:7], HISTORY, STATUTORY, IMPROVE, DETAILS))}"
    rf"|(?:{'|'.join(_JUDGED[:3])})\s*:\s*(?i:{JUDGEMENT})|{'|'.join(_LABELLED)})"
)
_RUN_TOGETHER = 3  # labels and headings within one paragraph: its line breaks were lost
_GRADE_FIRST: Final = re.compile(rf"(?i:{JUDGEMENT}|requires)\b")


def is_heading(paragraph: Paragraph, following: Paragraph | None = None) -> bool:
    """Whether the paragraph is a heading by its words, or by its size; no label whose grade follows."""
    text = paragraph.text
    if HEADING.fullmatch(text):
        return text.endswith((":", ".")) or not (following and _GRADE_FIRST.match(following.text))
    return (
        paragraph.large and len(text) < 120 and not text.endswith(".") and bool(re.search("[a-z]{3}", text))
    )


def parted(document: Document) -> Document:
    """The document with paragraphs parted where headings and labels ran into the rest."""
    found: list[Paragraph] = []
    for paragraph in document.paragraphs:
        breaks = list(_BREAK.finditer(paragraph.text))
        if len(breaks) < (_RUN_TOGETHER if document.spaced else 1):
            found.append(paragraph)
            continue
        edges = {0, len(paragraph.text)} | {one.start() for one in breaks}
        edges |= {one.end() for one in breaks if HEADING.fullmatch(one[0])}
        ends = sorted(edges)
        parts = (paragraph.part(start, end) for start, end in itertools.pairwise(ends))
        found += [part for part in parts if part.text]
    return Document(tuple(found), document.pages, document.spaced)
