"""The single inspection framework for councils' services for children, November 2013 to December 2017."""

import re
from typing import Final

from crawler.reports.councils import of_council
from crawler.reports.frameworks.framework import Framework
from crawler.reports.grades import GRADE

FRAMEWORK: Final = Framework(
    name="single inspection",
    marks=re.compile(
        r"Inspection\s+of\s+services\s+for\s+children\s+in\s+need\s+of\s+help\s+and\s+protection"
    ),
    within=900,
    areas={
        "protection": r"Children\s+who\s+need\s+help\s+and\s+protection",
        "in_care": r"Children\s+looked\s+after\s+and\s+achieving\s+permanence",
        "adoption": r"Adoption\s+performance",
        "care_leavers": r"Experiences\s+and\s+progress\s+of\s+care\s+leavers",
        "leadership": r"Leadership,\s+management\s+and\s+governance",
    },
    sentences={
        "overall": re.compile(
            rf"(?:Children[’']s\s+services\b[^.]{{0,90}}?|[Tt]he\s+overall\s+judgement\s+is(?:\s+that)?[^.]{{0,90}}?)"
            rf"(?:\s+(?:is|are))?\s+({GRADE})\b",
            re.IGNORECASE,
        )
    },
    identify=of_council,
    numbered=False,
)
