"""The framework for children's homes of April 2014 to March 2017."""

import re
from typing import Final

from crawler.reports.frameworks.framework import Framework

FRAMEWORK: Final = Framework(
    name="2014",
    marks=re.compile(
        r"Children[’']s\s+homes?\s+(?:-|–)?\s*(?:interim\s+)?inspection(?:\s+-|\s+–|\s+report\s+-|$)"
        r"|overall\s+experiences\s+and\s+progress\s+of\s+children\s+and\s+young\s+people\s+living\s+in\s+the\s+home"
        r"|impact\s+and\s+effectiveness\s+of\s+leaders"
        r"|outcome\s+(?:for|of)\s+this\s+interim\s+inspection",
        re.IGNORECASE | re.MULTILINE,
    ),
    areas={
        "overall": r"overall\s+experiences\s+and\s+progress\b",
        "protection": r"How\s+well\s+children(?:\s+and\s+young\s+people)?\s+are\s+helped\s+and\s+protected",
        "leadership": r"impact\s+and\s+effectiveness\s+of\s+leaders\s+and\s+managers",
    },
)
