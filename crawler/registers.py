"""The base of the registers and tables that a regulator publishes as files, linked from a page."""

import datetime as dt
import re
from dataclasses import dataclass
from functools import partial
from typing import ClassVar
from urllib.parse import unquote, urlsplit

import sqlalchemy as sa
from scrapy import Request
from scrapy.http import Response

from crawler.discovery.leads import Lead
from crawler.discovery.listings import Listing, read_listing
from crawler.harvest import Gathered, Origin
from crawler.outcomes import Verdict
from crawler.regulators.registry import regulator_named
from crawler.regulators.taking import File, Taken, read_in, take_changes, take_inspections, take_register
from crawler.reports.days import day
from crawler.source import SourceSpider
from storage.frontier import Entry, Found

_LARGEST_TABLE = 64 * 2**20
_TAKE = {"register": take_register, "inspections": take_inspections, "changes": take_changes}


@dataclass(frozen=True, kw_only=True)
class KeptTable:
    """A table that was taken; it keeps itself, in a transaction of its own."""

    taken: Taken

    def save(self, connection: sa.Connection, origin: Origin) -> bool:
        """Whether the table was new."""
        return self.taken.new


class RegisterFiles(SourceSpider):
    """One regulator's tables. ``pages`` link to them; ``tables`` tells by its title what each one is.

    A title, or the name of a file, with a day ("as at 31 March 2025") is a register of that day.
    """

    kind: ClassVar[str] = "register"
    shown_to: ClassVar[str] = "public"
    pages: ClassVar[tuple[str, ...]] = ()
    links: ClassVar[Listing] = Listing(links=".attachment .title a, .gem-c-attachment__title a")
    tables: ClassVar[tuple[tuple[str, str], ...]] = ()  # (what the title says, register|inspections|changes)

    @classmethod
    def starts(cls) -> list[Found]:
        """The pages that link to tables."""
        return [Found(url=url, kind="tables") for url in cls.pages]

    def request(self, entry: Entry) -> Request:
        """Tables may be larger than pages."""
        request = super().request(entry)
        if entry.kind == "table":
            request.meta["download_maxsize"] = _LARGEST_TABLE
        return request

    async def read_tables(self, response: Response, entry: Entry) -> Gathered:
        """The tables a page links to; those that no title explains are left."""
        leads, _ = await self.desk.read(read_listing, response.body, response.url, self.links)
        found = tuple(
            Found(url=lead.url, kind="table", found_on=entry.url, depth=1, hints=hints)
            for lead in leads
            if self.covers(lead.url) and (hints := self.told_of(lead))
        )
        if not found:
            return Gathered(verdict=Verdict(outcome="empty", reason="the page links to no table we know"))
        return Gathered(found=found)

    async def read_table(self, response: Response, entry: Entry) -> Gathered:
        """Take the table into the archive; the file is refused as a whole, or taken."""
        assert self.regulator is not None
        as_of = entry.hints.get("as_of")
        file = File(
            name=unquote(urlsplit(response.url).path.rsplit("/", 1)[-1]),
            content=response.body,
            regulator=regulator_named(self.regulator),
            as_of=dt.date.fromisoformat(as_of) if as_of else None,
        )
        take = _TAKE[entry.hints["table"]]
        taken = await self.desk.take(partial(take, file=file, at=self.desk.at, read=read_in(self.desk.pool)))
        return Gathered(keep=(KeptTable(taken=taken),))

    @classmethod
    def told(cls, title: str) -> dict[str, str]:
        """What a table is, by its title; nothing where that cannot be told."""
        kind = next((kind for words, kind in cls.tables if re.search(words, title, re.IGNORECASE)), None)
        as_of = day(title)
        if kind is None or (kind == "register" and as_of is None):
            return {}
        return {"table": kind} | ({"as_of": as_of.isoformat()} if kind == "register" and as_of else {})

    @classmethod
    def told_of(cls, lead: Lead) -> dict[str, str]:
        """The same, by the file's name where the title does not tell."""
        name = unquote(urlsplit(lead.url).path.rsplit("/", 1)[-1])
        return cls.told(lead.title or "") or cls.told(re.sub(r"[_.-]", " ", name))
