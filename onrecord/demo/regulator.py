"""The regulator of the demo as two web sites: one with search and settings, one with the files."""

import datetime as dt
from collections.abc import Sequence
from typing import Final
from urllib.parse import parse_qs, urlencode, urlsplit

from onrecord.demo.pages import TEXT, Page, Site, render
from onrecord.demo.reports import pdf, reports
from onrecord.demo.settings import Setting
from onrecord.demo.tables import Table

_ROWS: Final = 10
_TYPES: Final = {"Residential Special School": 6, "Independent Fostering Agency": 3}
_HOME: Final = 2
_FIRST_FILE: Final = 50_300_001


def reports_site(settings: Sequence[Setting], published: Sequence[Table], files: str) -> Site:
    """Search, a page a setting, a page of data; ``files`` is the address of the other site."""
    pages = {_address(setting): setting for setting in settings}

    def answer(target: str, edition: int) -> Page | None:
        address = urlsplit(target)
        if address.path in {"/", "/search"}:
            return _search(settings, address.query)
        if address.path == "/data":
            return Page(body=render("data.html", tables=published, files=files))
        if address.path == "/robots.txt":
            return _robots()
        setting = pages.get(address.path)
        return _provider(setting, files) if setting else None

    return answer


def files_site(published: Sequence[Table]) -> Site:
    """Report PDFs by number and the tables by name."""
    tables = {f"/data/{table.file_name}": table for table in published}
    numbered = {f"/v1/file/{number}": key for key, number in _numbers().items()}

    def answer(target: str, edition: int) -> Page | None:
        if target == "/robots.txt":
            return _robots()
        if target in tables:
            return Page(body=tables[target].content, content_type="text/csv")
        if target in numbered:
            return Page(body=pdf(*numbered[target]), content_type="application/pdf")
        return None

    return answer


def _numbers() -> dict[tuple[str, dt.date], int]:
    """The number under which each report is published, by URN and first day."""
    return {(one.urn, one.first_day): _FIRST_FILE + place for place, one in enumerate(reports())}


def _address(setting: Setting) -> str:
    return f"/provider/{_TYPES.get(setting.kind, _HOME)}/{setting.urn}"


def _search(settings: Sequence[Setting], query: str) -> Page:
    asked = parse_qs(query)
    start, rows = _whole(asked, "start", 0), _whole(asked, "rows", _ROWS) or _ROWS
    shown = settings[start : start + rows]
    earlier, later = max(start - rows, 0), start + rows
    body = render(
        "search.html",
        settings=shown,
        address=_address,
        first=start + 1 if shown else 0,
        last=start + len(shown),
        total=len(settings),
        previous=_page(asked, earlier, rows) if start else None,
        next=_page(asked, later, rows) if later < len(settings) else None,
    )
    return Page(body=body)


def _page(asked: dict[str, list[str]], start: int, rows: int) -> str:
    return "/search?" + urlencode(asked | {"start": [str(start)], "rows": [str(rows)]}, doseq=True)


def _whole(asked: dict[str, list[str]], name: str, otherwise: int) -> int:
    given = asked.get(name, [""])[0]
    return int(given) if given.isdecimal() else otherwise


def _provider(setting: Setting, files: str) -> Page:
    numbers = _numbers()
    visits = [(visit, numbers.get((setting.urn, visit.first))) for visit in setting.visits[::-1]]
    return Page(body=render("provider.html", setting=setting, visits=visits, files=files))


def _robots() -> Page:
    return Page(body=b"User-agent: *\nDisallow: /admin/\n", content_type=TEXT)
