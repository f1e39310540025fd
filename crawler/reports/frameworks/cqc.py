"""CQC's reports since October 2014: an overall rating and five key questions, as PDF letter or page."""

import re
from typing import Final

from crawler.reports.frameworks.framework import Framework
from crawler.reports.locations import of_location

_IS: Final = r"(?:Is|Are)\s+(?:the\s+service|services|this\s+service|they)\s+"

_GRADE_FOLLOWS: Final = r"(?=\s*:?\s+(?i:outstanding|good|requires|inadequate|inspected))"


def _question(word: str) -> str:
    return rf"{_IS}{word}\s*\?"


FRAMEWORK: Final = Framework(
    name="cqc",
    marks=re.compile(_question("(?:safe|well[- ]led)"), re.IGNORECASE),
    areas={
        "overall": rf"Overall(?:\s+rating)?(?:\s+for\s+this\s+(?:service|location))?{_GRADE_FOLLOWS}",
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
