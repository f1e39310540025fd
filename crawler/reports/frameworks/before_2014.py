"""The frameworks before April 2014: four judgements, and grades told in sentences."""

import re
from typing import Final

from crawler.reports.frameworks.framework import Framework

FRAMEWORK: Final = Framework(
    name="2010",
    marks=re.compile(
        r"Overall\s+effectiveness|Overall\s+quality\s+rating|Outcomes\s+for\s+children\s+and\s+young\s+people"
        r"|Inspection\s+report\s+for\s+children[’']s\s+home",
        re.IGNORECASE,
    ),
    areas={
        "overall": r"[Oo]verall\s+(?:effectiveness|quality\s+rating)",
        "outcomes": r"[Oo]utcomes\s+for\s+children\s+and\s+young\s+people",
        "quality_of_care": r"[Qq]uality\s+of\s+(?:the\s+)?care",
        "protection": r"(?:Safeguarding|Keeping)\s+children(?:\s+and\s+young\s+people)?",
        "leadership": r"[Ll]eadership\s+and\s+management",
    },
)
