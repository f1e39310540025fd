"""Ofsted's reports site, read: search results, and the page of a setting with its timeline."""

import datetime as dt
import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl, urlencode, urlsplit

from lxml.cssselect import CSSSelector
from lxml.html import HtmlElement

from crawler.discovery.leads import Lead, web_address
from crawler.errors import Unreadable
from crawler.extract.html import parse
from crawler.reports.days import day
from crawler.reports.grades import judgement
from storage.records import InspectionClaim
from storage.vocabulary import SETTING_KINDS, InspectionKind

_RESULT: Final = CSSSelector("li.search-result")
_RESULT_LINK: Final = CSSSelector("h3 a[href], a.search-result__link[href]")
_DETAIL: Final = CSSSelector("li")
_NEXT: Final = CSSSelector("a[rel='next'], .pagination__next[href]")
_EVENT: Final = CSSSelector("li.timeline__day")
_EVENT_DAY: Final = CSSSelector("p.timeline__date time, .timeline__date time")
_EVENT_TITLE: Final = CSSSelector(".event__title, h3, .title")
_REPORT: Final = CSSSelector("a.publication-link[href]")
_URN: Final = re.compile(r"\b(SC\d{6}|\d{7})\b")
_COUNCIL: Final = re.compile(r"/provider/44/(\d{5,7})\b")  # councils have numbers of five digits
_KINDS: Final[tuple[tuple[re.Pattern[str], InspectionKind], ...]] = (
    (re.compile(r"\binterim\b", re.IGNORECASE), "interim"),
    (re.compile(r"\bmonitoring\b", re.IGNORECASE), "monitoring"),
    (re.compile(r"\bassurance\b", re.IGNORECASE), "assurance"),
    (re.compile(r"\b(?:full|key)\b|\binspection\b", re.IGNORECASE), "full"),
)


@dataclass(frozen=True, kw_only=True)
class SettingPage:
    """A setting as its page shows it: what its timeline says of inspections, and where the reports are."""

    urn: str
    claims: tuple[InspectionClaim, ...]
    reports: tuple[Lead, ...]


def read_search(content: bytes, url: str) -> tuple[list[Lead], str | None]:
    """The pages of settings among the results, and the next page of results.

    A lead's ``modified`` is the day of the latest report, so that a new one makes the page due again.
    """
    tree = parse(content)
    results = _RESULT(tree)
    leads = []
    for result in results:
        links = _RESULT_LINK(result)
        address = web_address(url, links[0].get("href")) if links else None
        if address:
            latest = day(_details(result).get("latest report", ""))
            leads.append(
                Lead(url=address, title=_text(links[0]), modified=latest.isoformat() if latest else None)
            )
    following = _NEXT(tree)
    if following:
        return leads, web_address(url, following[0].get("href"))
    return leads, _next_results(url, len(results))


def read_setting(content: bytes, url: str) -> SettingPage:
    """The timeline of a setting's page; Unreadable when it names no URN or has no timeline."""
    tree = parse(content)
    details = _details(tree)
    path = urlsplit(url).path
    urn = _COUNCIL.search(path) or next(
        filter(None, map(_URN.search, (details.get("urn", ""), path, _text(tree)))), None
    )
    events = _EVENT(tree)
    if urn is None or not events:
        missing = "URN" if urn is None else "li.timeline__day"
        raise Unreadable(f"the setting's page has no {missing}")
    kind = details.get("type", details.get("category", "")).lower()
    claims = (_claim(event, urn[1], kind, details.get("local authority")) for event in events)
    return SettingPage(
        urn=urn[1],
        claims=tuple(claim for claim in claims if claim),
        reports=tuple(lead for event in events for lead in _reports(event, url)),
    )


def _claim(event: HtmlElement, urn: str, kind: str, authority: str | None) -> InspectionClaim | None:
    """What one event of the timeline says of an inspection; None for a registration and the like."""
    title = " ".join(_text(one) for one in (*_EVENT_TITLE(event), *_REPORT(event)))
    day_of_visit = _day(_EVENT_DAY(event))
    of_inspection = next((kind for pattern, kind in _KINDS if pattern.search(title)), None)
    if "timeline__day--registered" in event.get("class", "") or of_inspection is None or not day_of_visit:
        return None
    grade = judgement(title.partition(":")[2])
    return InspectionClaim(
        urn=urn,
        kind=of_inspection,
        first_day=day_of_visit,
        last_day=None,
        published=_published(event),
        judgements={"overall": grade} if grade else {},
        local_authority=authority,
        setting_kind=kind if kind in SETTING_KINDS else None,
    )


def _published(event: HtmlElement) -> dt.date | None:
    times = [time for time in event.iter("time") if time not in _EVENT_DAY(event)]
    if found := _day(times):
        return found
    return next((found for link in _REPORT(event) if (found := day(_text(link)))), None)


def _reports(event: HtmlElement, url: str) -> list[Lead]:
    published = _published(event)
    return [
        Lead(url=address, title=_text(link), published=published.isoformat() if published else None)
        for link in _REPORT(event)
        if (address := web_address(url, link.get("href")))
    ]


def _details(tree: HtmlElement) -> dict[str, str]:
    """``Label: value`` in list items, however they are marked up; labels in lower case."""
    found: dict[str, str] = {}
    for item in _DETAIL(tree):
        label, colon, value = _text(item).partition(":")
        if colon and len(label) < 40:
            found.setdefault(label.strip().lower(), value.strip())
    return found


def _day(times: list[HtmlElement]) -> dt.date | None:
    for time in times:
        try:
            return dt.date.fromisoformat((time.get("datetime") or "")[:10])
        except ValueError:
            if found := day(_text(time)):
                return found
    return None


def _next_results(url: str, shown: int) -> str | None:
    """The address of the results that follow, where ``start`` and ``rows`` tell it."""
    parts = urlsplit(url)
    asked = dict(parse_qsl(parts.query, keep_blank_values=True))
    rows = asked.get("rows", "")
    if not rows.isdecimal() or shown < int(rows):
        return None
    start = int(asked["start"]) if asked.get("start", "").isdecimal() else 0
    return parts._replace(query=urlencode(asked | {"start": str(start + shown)})).geturl()


def _text(element: HtmlElement) -> str:
    return " ".join(str(element.text_content()).split())
