"""What CQC's API answers of a location or a provider, as rows and claims; addresses are never looked at.

A location's answer lists its reports (first visit, publication) and the ratings by key question, each with
the report that gave it: a question that a report did not look at keeps the rating of an older one.
"""

import datetime as dt
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from crawler.regulators import values
from crawler.regulators.cqc import KINDS, RATINGS
from crawler.regulators.declared import TableKind
from crawler.regulators.files import Reading
from storage.errors import RefusedFile
from storage.records import InspectionClaim, RegisterRow, SettingChange
from storage.vocabulary import Area

Answer = Mapping[str, Any]

_QUESTIONS: Final[dict[str, Area]] = {
    "safe": "safe",
    "effective": "effective",
    "caring": "caring",
    "responsive": "responsive",
    "well-led": "well_led",
}
_STATUSES: Final = {"Registered": "Active", "Deregistered": "Closed"}
_NO_RATING: Final = frozenset({None, "", "No published rating", "Not rated", "Not formally rated"})


def is_answer(content: bytes) -> bool:
    """Whether the file is JSON rather than a table."""
    return content[:64].lstrip(b"\xef\xbb\xbf \r\n\t")[:1] in {b"{", b"["}


def read_answers(name: str, content: bytes, wanted: TableKind) -> Reading:
    """One answer or a list of them; RefusedFile where it is none, or a whole register is wanted."""
    if wanted != "inspections":
        raise RefusedFile(name, "answers of the API are no table; use `onrecord import inspections`")
    reading = Reading(name=name, kind=wanted)
    unknown: Counter[str] = Counter()
    days: list[dt.date] = []
    for number, answer in enumerate(_answers(name, content), 1):
        rows = list(_rows(answer))
        if not rows:
            raise RefusedFile(name, f"answer {number} is neither of a location nor of a provider")
        reading.rows_read += 1
        reading.rows_kept += 1
        reading.rows += [(number, row) for row in rows]
        if "locationId" in answer:
            reading.claims += [(number, claim) for claim in _claims(answer, rows[0], unknown)]
            reading.changes += _changes(answer)
        days += _days(answer)
    if not days:
        raise RefusedFile(name, "no day in it, so that nobody knows when it was so")
    reading.findings["title_day"] = max(days).isoformat()
    if unknown:
        reading.findings["unknown_words"] = {"rating": dict(unknown.most_common(10))}
    return reading


def _answers(name: str, content: bytes) -> list[Answer]:
    try:
        found = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise RefusedFile(name, "is damaged JSON, or cut off; fetch it again") from None
    answers = found if isinstance(found, list) else [found]
    if not answers or not all(isinstance(one, dict) for one in answers):
        raise RefusedFile(name, "is JSON, but no answer of the API")
    return answers


def _rows(answer: Answer) -> Iterator[RegisterRow]:
    """Of a location its own row; of a provider what it owns, since a location's answer does not name it."""
    if isinstance(urn := answer.get("locationId"), str):
        status = _STATUSES.get(answer.get("registrationStatus", ""))
        dormant = status == "Active" and answer.get("dormancy") == "Y"
        yield RegisterRow(
            urn=urn,
            kind=_kind(answer),
            name=answer.get("name"),
            status="Dormant" if dormant else status,
            local_authority=answer.get("localAuthority"),
            region=answer.get("region"),
            constituency=answer.get("constituency"),
            places=answer.get("numberOfBeds") or None,
            registered=_day(answer.get("registrationDate")),
        )
    elif isinstance(answer.get("providerId"), str):
        for urn in answer.get("locationIds", []):
            yield RegisterRow(urn=urn, kind="other", owner=answer.get("name"))


def _kind(answer: Answer) -> str:
    services = answer.get("gacServiceTypes", [])
    words = {str(said).lower() for one in services for said in (one.get("name"), one.get("description"))}
    return next((kind for word, kind in KINDS.items() if word in words), "other")


def _changes(answer: Answer) -> Iterator[SettingChange]:
    if closed := _day(answer.get("deregistrationDate")):
        yield SettingChange(urn=answer["locationId"], change="closed", day=closed)


def _claims(answer: Answer, row: RegisterRow, unknown: Counter[str]) -> Iterator[InspectionClaim]:
    """One claim a report, with the ratings that this report gave."""
    rated = _rated(answer, unknown)
    reports = sorted(answer.get("reports", []), key=lambda one: str(one.get("reportDate")))
    for report in reports:
        first, published = _day(report.get("firstVisitDate")), _day(report.get("reportDate"))
        if first is None and published is None:
            continue
        yield InspectionClaim(
            urn=row.urn,
            kind="full",
            first_day=first,
            last_day=_last_day(answer, first, published) if report is reports[-1] else first,
            published=published,
            event_number=report.get("linkId"),
            judgements=rated.get(report.get("linkId")) or rated.get(report.get("reportDate")) or {},
            capacity=row.places if report is reports[-1] else None,
            local_authority=row.local_authority,
            setting_kind=row.kind,
            setting_name=row.name,
        )


def _last_day(answer: Answer, first: dt.date | None, published: dt.date | None) -> dt.date | None:
    """Of the latest report: the last day of its inspection, which stands apart."""
    last = _day((answer.get("lastInspection") or {}).get("date"))
    return last if first and last and published and first <= last <= published else first


def _rated(answer: Answer, unknown: Counter[str]) -> Mapping[str | None, dict[Area, str]]:
    """Ratings by the report that gave them: its link, or where that is left out its day."""
    found: dict[str | None, dict[Area, str]] = defaultdict(dict)
    for said in (answer.get("currentRatings") or {}, *answer.get("historicRatings", [])):
        overall = said.get("overall") or {}
        given = (
            overall.get("reportLinkId") or said.get("reportLinkId"),
            overall.get("reportDate") or said.get("reportDate"),
        )
        ratings: Iterable[tuple[Area | None, Answer]] = (
            ("overall", overall),
            *(
                (_QUESTIONS.get(str(one.get("name")).lower()), one)
                for one in overall.get("keyQuestionRatings", [])
            ),
        )
        for area, one in ratings:
            by = one.get("reportLinkId") or given[0] or one.get("reportDate") or given[1]
            rating = _rating(one.get("rating"), unknown)
            if area and by and rating:
                found[by].setdefault(area, rating)
    return found


def _rating(said: str | None, unknown: Counter[str]) -> str | None:
    if said in _NO_RATING:
        return None
    known = RATINGS.get(str(said).lower())
    if known is None:
        unknown[str(said)[:60]] += 1
    return known


def _days(answer: Answer) -> Iterator[dt.date]:
    last = (answer.get("lastInspection") or {}).get("date")
    visits = [one.get("reportDate") for one in answer.get("reports", [])]
    for said in (answer.get("registrationDate"), answer.get("deregistrationDate"), last, *visits):
        if day := _day(said):
            yield day


def _day(said: object) -> dt.date | None:
    try:
        return values.day(said) if isinstance(said, str) else None
    except ValueError:
        return None
