"""The social care common inspection framework, since April 2017."""

import re
from typing import Final

from crawler.reports.frameworks.framework import Framework

_WHO: Final = r"(?:children|young\s+people|parents|families|adults|service\s+users|birth\s+relatives)"
_PEOPLE: Final = rf"{_WHO}(?:(?:\s*,\s*|\s+and\s+|\s*,\s*and\s+){_WHO})*"

FRAMEWORK: Final = Framework(
    name="sccif",
    marks=re.compile(
        r"social\s+care\s+common\s+inspection\s+framework|Assurance\s+(?:visit|inspection)\b", re.I
    ),
    areas={
        "overall": r"Overall\s+experiences\s+and\s+progress\b",
        "protection": rf"How\s+well\s+{_PEOPLE}\s+are\s+helped\s+and\s+protected",
        "leadership": r"The\s+effectiveness\s+of\s+(?:the\s+)?leaders\s+and\s+managers",
        "education": r"Outcomes\s+in\s+education\s+and\s+related\s+learning\s+activities|"
        r"Children[’']s\s+education\s+and\s+learning",
        "health": r"(?:The\s+)?[Hh]ealth(?:\s+services|\s+of\s+children\s+and\s+young\s+people)",
    },
)
