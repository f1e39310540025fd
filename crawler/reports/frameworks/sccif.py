"""The social care common inspection framework, since April 2017."""

import re
from typing import Final

from crawler.reports.frameworks.framework import Framework

FRAMEWORK: Final = Framework(
    name="sccif",
    marks=re.compile(
        r"social\s+care\s+common\s+inspection\s+framework|Assurance\s+(?:visit|inspection)\b", re.I
    ),
    areas={
        "overall": r"Overall\s+experiences\s+and\s+progress\b",
        "protection": r"How\s+well\s+children(?:\s+and\s+young\s+people)?\s+are\s+helped\s+and\s+protected",
        "leadership": r"The\s+effectiveness\s+of\s+leaders\s+and\s+managers",
        "education": r"Outcomes\s+in\s+education\s+and\s+related\s+learning\s+activities|"
        r"Children[’']s\s+education\s+and\s+learning",
        "health": r"(?:The\s+)?[Hh]ealth(?:\s+services|\s+of\s+children\s+and\s+young\s+people)",
    },
)
