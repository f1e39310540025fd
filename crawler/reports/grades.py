"""The words of judgement, as reports print them and as we keep them."""

import re
from typing import Final

from storage.vocabulary import DELIVERY, GRADES, PROGRESS, UNRATED

GRADE: Final = (
    r"(?:outstanding|good|requires?\s+improvement(?:\s+to\s+be\s+good)?|adequate|inadequate|satisfactory"
    r"|inspected\s+but\s+not\s+rated)"
)
"""A grade of a full inspection, in any case."""
OUTCOME: Final = r"(?:(?:improved|sustained|declined)\s+effectiveness)"
"""The outcome of an interim inspection, in any case."""
DELIVERED: Final = (
    r"(?:consistently\s+strong(?:\s+service\s+delivery)?|inconsistent\s+quality(?:\s+of\s+service\s+delivery)?"
    r"|serious\s+or\s+widespread\s+weaknesses)"
)
"""The outcome of an inspection of supported accommodation, in any case."""
JUDGEMENT: Final = rf"(?:{GRADE}|{OUTCOME}|{DELIVERED})"

_KEPT: Final = {word.lower(): word for word in (*GRADES, *PROGRESS, *DELIVERY, UNRATED[0])} | {
    "requires improvement": "Requires improvement to be good",
    "require improvement": "Requires improvement to be good",
    "require improvement to be good": "Requires improvement to be good",
    "consistently strong": DELIVERY[0],
    "inconsistent quality": DELIVERY[1],
    "satisfactory": "Adequate",  # the third of four grades until 2011
}


def judgement(text: str | None) -> str | None:
    """The judgement that ``text`` begins with, spelled as in ``storage.vocabulary``; None without one."""
    found = re.match(rf"\s*({JUDGEMENT})\b", text or "", re.IGNORECASE)
    return _KEPT[" ".join(found[1].lower().split())] if found else None
