"""The frameworks before April 2014: four judgements, and grades told in sentences."""

import re
from typing import Final

from crawler.reports.frameworks.framework import Framework

FRAMEWORK: Final = Framework(
    name="2010",
    marks=re.compile(
        r"Overall\s+effectiveness|Overall\s+quality\s+rating|Outcomes\s+for\s+children\s+and\s+young\s+people"
        r"|Inspection\s+report\s+for\s+(?:an?\s+)?(?:children[’']s\s+home|(?:independent\s+)?fostering|"
        r"residential|boarding|adoption|voluntary\s+adoption)",
        re.IGNORECASE,
    ),
    areas={
        "overall": r"[Oo]verall\s+(?:effectiveness|quality\s+rating)"
        r"(?:\s+of\s+the\s+(?:residential|boarding)\s+(?:experience|provision))?",
        "outcomes": r"(?:[Ee]xperiences\s+and\s+progress\s+of,\s+and\s+outcomes\s+for,?"
        r"|[Oo]utcomes\s+for)\s+(?:children\s+and\s+young\s+people|residential\s+pupils|boarders"
        r"|children|young\s+people|service\s+users)",
        "quality_of_care": r"[Qq]uality\s+of\s+(?:the\s+)?"
        r"(?:care|service|(?:residential|boarding)\s+provision\s+and\s+care)",
        "protection": r"(?:Safeguarding|Keeping)\s+children(?:\s+and\s+young\s+people)?"
        r"|(?:Residential\s+pupils|Boarders)[’']\s+safety",
        "leadership": r"[Ll]eadership\s+and\s+management",
    },
)
