"""The base of a regulator's site of reports: a search leads to settings, a setting to its reports."""

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar
from urllib.parse import urlsplit

import sqlalchemy as sa
from scrapy import Request
from scrapy.http import Response

from crawler.discovery.leads import Lead
from crawler.extract.ofsted import SettingPage, read_search, read_setting
from crawler.harvest import Gathered, Origin
from crawler.outcomes import Verdict
from crawler.reports.reading import AGAIN, needs_another, read_report, read_report_again
from crawler.source import SourceSpider
from storage import inspections, reports
from storage.errors import OnRecordError
from storage.frontier import Entry, Found
from storage.ids import opaque_id
from storage.records import InspectionClaim, Report

_LARGEST_REPORT = 32 * 2**20


@dataclass(frozen=True, kw_only=True)
class KeptClaims:
    """What a page of a setting says of its inspections."""

    regulator: str
    claims: tuple[InspectionClaim, ...]

    def save(self, connection: sa.Connection, origin: Origin) -> bool:
        """Keep them; the page speaks with one voice, so a later look replaces an earlier one."""
        page = opaque_id("page", origin.url)
        inspections.save_claims(
            connection, self.regulator, self.claims, origin="page", origin_id=page, at=origin.at
        )
        return True


@dataclass(frozen=True, kw_only=True)
class KeptReport:
    """An inspection report."""

    report: Report

    def save(self, connection: sa.Connection, origin: Origin) -> bool:
        """Keep it; the same document under another address is no news."""
        assert origin.digest is not None
        new = not reports.known(connection, self.report.regulator, origin.digest)
        reports.save(
            connection,
            self.report,
            digest=origin.digest,
            url=origin.url,
            capture_id=origin.capture_id,
            at=origin.at,
        )
        return new


class ReportSite(SourceSpider):
    """One regulator's site. ``searches``: the first page of each search that lists settings.

    ``setting_pages``: what the path of a setting's page looks like; others among the results are left.
    """

    kind: ClassVar[str] = "reports"
    shown_to: ClassVar[str] = "public"
    searches: ClassVar[tuple[str, ...]] = ()
    setting_pages: ClassVar[str] = ""
    span: ClassVar[str] = ""  # what narrows a search to reports between ``{since}`` and ``{until}``
    revisited: ClassVar[tuple[str, ...]] = ("setting",)
    budget: ClassVar[int] = 20_000

    @classmethod
    def starts(cls) -> list[Found]:
        """The first page of each search."""
        return [Found(url=url, kind="search") for url in cls.searches]

    @classmethod
    def starts_between(cls, since: dt.date, until: dt.date) -> list[Found]:
        """The same searches, for reports published between two days."""
        span = cls.span.format(since=since, until=until)
        return [Found(url=f"{url}{span}", kind="search") for url in cls.searches]

    def request(self, entry: Entry) -> Request:
        """Reports may be larger than pages."""
        request = super().request(entry)
        if entry.kind == "report":
            request.meta["download_maxsize"] = _LARGEST_REPORT
        return request

    async def read_search(self, response: Response, entry: Entry) -> Gathered:
        """The settings among the results, and the next page; a first page without any is no success."""
        leads, following = await self.desk.read(read_search, response.body, response.url)
        if not leads:
            over = Verdict(outcome="not_wanted", reason="the results end before this page")
            none = Verdict(outcome="empty", reason="the search found no setting (li.search-result)")
            return Gathered(verdict=over if entry.depth else none)
        leads = [lead for lead in leads if re.search(self.setting_pages, urlsplit(lead.url).path)]
        further = [Lead(url=following)] if following else []
        found = (*self._found(leads, "setting", entry), *self._found(further, "search", entry))
        return Gathered(found=found)

    async def read_setting(self, response: Response, entry: Entry) -> Gathered:
        """What the timeline says, and the reports it links to."""
        page: SettingPage = await self.desk.read(read_setting, response.body, response.url)
        assert self.regulator is not None
        keep = (KeptClaims(regulator=self.regulator, claims=page.claims),) if page.claims else ()
        since = self.order.since
        wanted = [lead for lead in page.reports if not (since and lead.older_than(since))]
        return Gathered(keep=keep, found=self._found(wanted, "report", entry))

    async def read_report(self, response: Response, entry: Entry) -> Gathered:
        """The report in a PDF, or on a page; a PDF that one reader fails on is given to another."""
        told = str(entry.hints.get("told", ""))
        try:
            report: Report = await self.desk.read(read_report, response.body, told)
        except OnRecordError as failure:
            if not needs_another(response.body, failure):
                raise
            report = await self.desk.read(read_report_again, response.body, told, limits=AGAIN)
        return Gathered(keep=(KeptReport(report=report),))

    def _found(self, leads: Iterable[Lead], kind: str, entry: Entry) -> tuple[Found, ...]:
        return tuple(
            Found(
                url=lead.url,
                kind=kind,
                found_on=entry.url,
                depth=entry.depth + 1,
                hints=_hints(lead, entry),
            )
            for lead in leads
            if self.covers(lead.url)
        )


def _hints(lead: Lead, entry: Entry) -> dict[str, str]:
    """What is told of an address where it was found: a council's report does not carry its number."""
    told = {"told": f"{entry.url} {lead.title or ''}"} if entry.kind == "setting" else {}
    return told | ({"modified": lead.modified} if lead.modified else {})
