"""The people block: kept in the evidence, left out of the text; of the address only the town is a fact."""

import re
from collections.abc import Iterable
from typing import Final

from crawler.reports.document import Paragraph
from crawler.reports.headings import DETAILS, HEADING
from crawler.reports.labels import LABELS

_POSTCODE: Final = re.compile(r",?\s*\b[A-Z]{1,2}\d[A-Z\d]?\s*\d[A-Z]{2}\b.*")
_COUNTIES: Final = re.compile(
    r"(?:Greater\s+|West\s+|East\s+|North\s+|South\s+)?(?:\w+shire|Kent|Essex|Surrey|Sussex|Norfolk|Suffolk|Devon|"
    r"Cornwall|Cumbria|Dorset|Somerset|Merseyside|Midlands|Yorkshire|Durham|Northumberland|Rutland|"
    r"Tyne and Wear|Isle of Wight|England|United Kingdom|UK)",
    re.IGNORECASE,
)
_PERSONAL: Final = ("address", "responsible", "manager", "inspector", "contact", "others")
_LABELLED: Final = re.compile(
    rf"(?:{'|'.join(LABELS[name] for name in _PERSONAL)})(?:\s*:\s*.*|\s+(?=[A-Z\[\d]).{{0,160}})", re.DOTALL
)
_PERSONAL_ONLY: Final = re.compile(rf"(?:{'|'.join(LABELS[name] for name in _PERSONAL)})\s*:?")
_BLOCK: Final = re.compile(
    rf"{DETAILS}|(?:Lead )?Inspectors?(?:\(s\))?:?|(?:The )?[Ii]nspection team:?|Contact details"
)
_ADDRESS: Final = re.compile(r".{0,160}\b[A-Z]{1,2}\d[A-Z\d]?\s+\d[A-Z]{2}\b.{0,40}")
"""A line with a postcode, which no sentence of a report holds."""
_IN_A_LETTER: Final = re.compile(
    r"(?:His|Her) Majesty[’']s Inspectors? for this (?:visit|inspection)\b.*"
    r"|.{0,60}\b(?:His|Her) Majesty[’']s Inspector"
)
_IMPRINT: Final = re.compile(r"The Office for Standards in Education\b|© Crown copyright|Published by Ofsted")


def without_people(paragraphs: Iterable[Paragraph]) -> list[Paragraph]:
    """The paragraphs without names, addresses and telephone numbers, and without the imprint behind them."""
    kept: list[Paragraph] = []
    inside = False
    label_alone = False
    for paragraph in paragraphs:
        text = paragraph.text
        if _IMPRINT.match(text):
            break
        if _BLOCK.fullmatch(text):
            inside = True
        elif inside and HEADING.fullmatch(text):
            inside = False
        personal = label_alone or any(told.fullmatch(text) for told in (_LABELLED, _IN_A_LETTER, _ADDRESS))
        label_alone = _PERSONAL_ONLY.fullmatch(text) is not None
        if not (inside or personal or label_alone):
            kept.append(paragraph)
    return kept


def town(addresses: Iterable[str]) -> str | None:
    """The town of the first address that has one: what stands before the postcode or the county."""
    for address in addresses:
        parts = [part.strip() for part in _POSTCODE.sub("", address).split(",") if part.strip()]
        while len(parts) > 1 and _COUNTIES.fullmatch(parts[-1]):
            parts.pop()
        if len(parts) > 1 and re.fullmatch(r"[A-Za-z][A-Za-z’' .-]+", parts[-1]):
            return parts[-1]
    return None
