"""Values that stand behind a label: ``Registered provider: …``, ``Inspection date 02/08/2016``."""

import re
from collections.abc import Mapping
from typing import Final

from crawler.reports.days import DAYS
from crawler.reports.headings import HEADING

LABELS: Final = {
    "urn": r"(?:Social care )?(?:[Uu]nique reference number|URN)(?: \(URN\))?",
    "address": r"(?:Registered (?:provider|person) address|(?:Setting|Provider|Service) address|Address)",
    "provider": r"(?:Name of )?[Rr]egistered (?:[Pp]rovider|person)(?: name)?",
    "responsible": r"(?:Name of )?[Rr]esponsible individual",
    "manager": r"Registered [Mm]anager(?:\(s\)|s)?",
    "inspector": r"(?:(?:Deputy )?[Ll]ead |Social care |Assigned |Team )?[Ii]nspector(?:\(s\)|s)?",
    "others": r"(?:(?:Senior )?[Dd]ata analyst|Quality assurance (?:manager|lead)|Head ?teacher|Principal"
    r"|(?:Contact )?[Oo]fficer in charge|Nominated individual|Shadow inspector)(?:\(s\)|s)?",
    "contact": r"(?:Tel(?:ephone)?(?: number)?|E-?mail(?: address)?|Website)",
    "kind": r"(?:Type of inspection|Inspection type)",
    "dates": r"(?:(?:Inspection|Visit) dates?"
    r"|Dates? of (?:this )?(?:[Ii]nspection|visit|[Aa]ssessment)(?: visit)?)",
    "last_judgement": r"(?:(?:Overall )?[Jj]udgement at (?:last|previous) inspection"
    r"|Previous inspection judgement)",
    "last": r"(?:Date of (?:last|previous) (?:full )?inspection|Previous inspection(?: date)?"
    r"|Last inspection)",
    "enforcement": r"Enforcement action since (?:the )?last inspection",
    "subtype": r"(?:Provision sub-?type|Type of provision)",
    "published": r"(?:Report published|Published|Publication date|Date published|Date of [Pp]ublication"
    r"|Assessment published)",
}

Labels = Mapping[str, list[str]]
"""The values of each label, in order."""

_ANYWHERE: Final = ("enforcement", "last_judgement")
"""Labels that nothing else reads like, so that they count without colon inside a paragraph too."""


_FURTHER_DAYS: Final = re.compile(rf"(?:\n{DAYS}(?=\n|$))+")
"""Days that stand a line each below the first."""


def _pattern(name: str, label: str) -> str:
    if name in _ANYWHERE:
        return rf"(?P<{name}>(?:(?<=\s)|^){label}\s*:?)"
    return rf"(?P<{name}>(?:(?<=\s)|^){label}\s*:|^{label}(?=\s|$))"


_LABEL: Final = re.compile("|".join(_pattern(*one) for one in LABELS.items()), re.MULTILINE)


def values(flat: str) -> dict[str, list[str]]:
    """All values of each label, in order; ``flat`` has a line a paragraph.

    A value ends where its paragraph or the next label does; behind a label that ends its paragraph it is
    the next paragraph.
    """
    found: dict[str, list[str]] = {name: [] for name in LABELS}
    labels = list(_LABEL.finditer(flat))
    for label, following in zip(labels, [*labels[1:], None], strict=False):
        begin = label.end()
        begin += len(flat[begin:]) - len(flat[begin:].lstrip())
        end = flat.find("\n", begin)
        end = len(flat) if end < 0 else end
        if following is not None:
            end = min(end, following.start())
        value = flat[begin:end].strip() if end > begin else ""
        if label.lastgroup == "dates" and (further := _FURTHER_DAYS.match(flat, end)):
            value = " and ".join(f"{value}{further[0]}".split("\n"))
        if value and label.lastgroup and not HEADING.fullmatch(value):
            found[label.lastgroup].append(value)
    return found
