"""Reports and letters on a council's services for children: which council; its number is told elsewhere.

Ofsted lists councils as providers of type 44 with numbers of their own (``/provider/44/80400``), which
the reports do not carry. The name of the file or the page that links to it does.
"""

import datetime as dt
import re
from typing import Final

from crawler.reports.days import DAY, day
from crawler.reports.document import Document
from crawler.reports.identity import Identity, published
from crawler.reports.labels import Labels
from storage.names import is_council
from storage.vocabulary import InspectionKind

KIND: Final = "local authority children's services"

_NUMBER: Final = re.compile(r"(?:/provider/44/|^)(\d{5}|\d{7})(?!\d)|(?<!\d)(80[45]\d\d)(?!\d)")
_EVENT: Final = r"(?:(?:Re-?)?[Ii]nspection|(?:Focused|Monitoring) visit)"
_TITLE: Final = re.compile(
    rf"^{_EVENT}\s+(?:of|to)\s+(?:the\s+)?(?P<name>(?!local authority)\S.{{2,90}}?)[’']?s?\s+"
    r"(?:local authority\s+)?children[’']s\s+(?:social care\s+)?services",
    re.MULTILINE,
)
_NAMED_ABOVE: Final = re.compile(rf"\A\s*(?P<name>[A-Z][\w’'.,& -]{{2,90}})\n+{_EVENT}\b")
_STYLE: Final = re.compile(
    r"^(?:the\s+)?(?:(?:London|Royal|Metropolitan)\s+)*Borough(?:\s+Council)?\s+of\s+"
    r"|^(?:the\s+)?(?:City(?! of London)|County|Council)\s+of\s+"
    r"|\s+(?:(?:Metropolitan|City|County|Borough|District|Unitary|London|Royal)\s+)*Council$"
    r"|\s+(?:Metropolitan\s+|London\s+)?Borough$|\s+local\s+authority$",
    re.IGNORECASE,
)
_TITLES: Final = 900  # characters: title, dates, the table of grades
_VISIT: Final = re.compile(r"^(?:(Monitoring)|Focused) visit\b", re.MULTILINE | re.IGNORECASE)


def of_council(document: Document, labels: Labels, told: str) -> Identity:
    """The council that the title names; the number and, where the report is silent, the day from ``told``."""
    title = _TITLE.search(document.flat[:_TITLES]) or _NAMED_ABOVE.search(document.flat)
    council = " ".join(title["name"].split()) if title else None
    number = _NUMBER.search(told)
    return Identity(
        urn=(number[1] or number[2]) if number else None,
        setting_kind=KIND,
        name=council,
        authority=authority(council) if council else None,
        provider=None if council is None else council if is_council(council) else f"{council} Council",
        published=published(labels) or _day_in(told),
        kind=_kind(document.flat[:_TITLES]),
    )


def _kind(head: str) -> InspectionKind:
    """A focused visit looks at one part of the services and gives no grades."""
    visit = _VISIT.search(head)
    return "full" if visit is None else "monitoring" if visit[1] else "other"


def authority(council: str) -> str:
    """``Metropolitan Borough Council of Exampleton`` → ``Exampleton``."""
    plain, before = council, ""
    while plain != before:
        before, plain = plain, _STYLE.sub("", plain).strip()
    return plain


def _day_in(told: str) -> dt.date | None:
    written = re.search(DAY, re.sub(r"[-_]+|%20", " ", told))
    return day(written[0]) if written else None
