"""Supported accommodation for those of 16 and 17, inspected since September 2024: one outcome of three."""

import re
from typing import Final

from crawler.reports.frameworks.framework import Framework
from crawler.reports.grades import DELIVERED

FRAMEWORK: Final = Framework(
    name="supported accommodation",
    marks=re.compile(
        r"Information\s+about\s+th(?:is|e)\s+supported\s+accommodation"
        r"|Provision\s+sub-?type:?\s+Supported\s+accommodation",
        re.IGNORECASE,
    ),
    areas={},
    sentences={
        "overall": re.compile(
            rf"(?:outcome|found|find(?:ings?)?|judgement)\b[^.]{{0,120}}?\b({DELIVERED})|^({DELIVERED})\s+(?:leads?|adversely)",
            re.IGNORECASE | re.MULTILINE,
        )
    },
)
