"""CQC's reports since October 2014: an overall rating and five key questions, as PDF letter or page."""

import re
from typing import Final

from crawler.reports.frameworks.framework import Framework
from crawler.reports.locations import of_location

_IS: Final = (
    r"(?:Is|Are)\s+(?:(?:the|this)\s+(?:service|location|trust)"
    r"|services(?:\s+at\s+this\s+(?:trust|hospital|location|provider))?|they)\s+"
)

_PLACE: Final = r"(?:services\s+at\s+)?this\s+(?:service|location|trust|hospital|practice|(?i:provider))"
_GRADE_FOLLOWS: Final = r"(?=\s*:?\s+(?i:outstanding|good|requires|inadequate|inspected))"


def _question(word: str) -> str:
    return rf"{_IS}{word}\s*\?"


FRAMEWORK: Final = Framework(
    name="cqc",
    marks=re.compile(_question("(?:safe|well[- ]led)"), re.IGNORECASE),
    areas={
        "overall": rf"Overall(?:\s+rating)?(?:\s+for\s+{_PLACE})?{_GRADE_FOLLOWS}",
        "safe": _question("safe"),
        "effective": _question("effective"),
        "caring": _question("caring"),
        "responsive": _question(r"responsive(?:\s+to\s+people[’']s\s+needs)?"),
        "well_led": _question("well[- ]led"),
    },
    regulator="cqc",
    identify=of_location,
    numbered=False,
)
