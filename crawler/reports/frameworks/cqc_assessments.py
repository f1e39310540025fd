"""CQC's assessments under its single framework, since November 2023: page or PDF, headed by its ratings."""

import re
from typing import Final

from crawler.reports.frameworks.framework import Framework
from crawler.reports.grades import GRADE
from crawler.reports.locations import of_location

_RATED: Final = rf"(?=\s*(?:rating)?\s*:?\s+(?i:{GRADE})\b)"

FRAMEWORK: Final = Framework(
    name="cqc assessment",
    marks=re.compile(
        r"Our\s+view\s+of\s+the\s+service|Location-(?:based|level)\s+assessment|Assessment\s+published"
        r"|Report\s+from\s+.{6,30}\s+assessment",
        re.IGNORECASE,
    ),
    areas={
        "overall": rf"\bOverall(?:\s+rating)?{_RATED}",
        "safe": rf"\bSafe{_RATED}",
        "effective": rf"\bEffective{_RATED}",
        "caring": rf"\bCaring{_RATED}",
        "responsive": rf"\bResponsive{_RATED}",
        "well_led": rf"\bWell-led{_RATED}",
    },
    regulator="cqc",
    identify=of_location,
    numbered=False,
)
