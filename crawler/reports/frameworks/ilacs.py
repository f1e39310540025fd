"""Inspections of local authority children's services (ILACS), since January 2018: letters of ten pages."""

import re
from typing import Final

from crawler.reports.councils import of_council
from crawler.reports.frameworks.framework import Framework

_PROGRESS: Final = r"experiences\s+and\s+progress\s+of\s+"

FRAMEWORK: Final = Framework(
    name="ilacs",
    marks=re.compile(
        r"\b(?:Inspection|[Ff]ocused\s+visit|[Mm]onitoring\s+visit)\b[^.:\n]{0,140}\bchildren[’']s\s+(?:social\s+care\s+)?services"
    ),
    within=900,
    areas={
        "leadership": r"impact\s+of\s+leaders\s+on\s+social\s+work\s+practice",
        "protection": _PROGRESS + r"children\s+who\s+need\s+help\s+and\s+protection",
        "in_care": _PROGRESS + r"children\s+in\s+care",
        "care_leavers": _PROGRESS + r"care\s+leavers",
        "overall": r"Overall\s+effectiveness",
    },
    identify=of_council,
    numbered=False,
)
