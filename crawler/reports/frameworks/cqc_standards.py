"""CQC's reports on essential standards, October 2010 to September 2014: standards met or not, no ratings."""

import re
from typing import Final

from crawler.reports.frameworks.framework import Framework
from crawler.reports.locations import of_standards

FRAMEWORK: Final = Framework(
    name="cqc standards",
    marks=re.compile(
        r"essential\s+standards\b.{0,400}?\bCare\s+Quality\s+Commission|We\s+are\s+the\s+regulator:\s+Our\s+job"
        r"|We\s+inspected\s+the\s+following\s+standards",
        re.IGNORECASE | re.DOTALL,
    ),
    within=6000,
    areas={},
    regulator="cqc",
    identify=of_standards,
    numbered=False,
)
