"""Texts that people and programs ask about, linked on the spot within bounds. Nothing of them is kept."""

import datetime as dt
from typing import Final

from starlette.requests import Request

from archive.errors import Unfit
from archive.reading.texts import TextPage, text_page
from archive.searches import whose
from archive.site import site_of
from archive.telling import london_day
from linker.face import link_text
from storage.dates import PartialDate, utc_now

LONGEST_TITLE: Final = 1_000
LONGEST: Final = 100_000
"""Characters; the longest story of a paper has a tenth."""


def linked(request: Request, text: str, *, title: str = "", published: str | None = None) -> TextPage:
    """The text linked; Unfit for a day that is none, TookTooLong or TooMuchAtOnce beyond the bounds."""
    site, today = site_of(request), london_day(utc_now())
    if published and not _is_day(published, today):
        told = "write it as 2024-04-19, 2024-04 or 2024, and not in the future"
        raise Unfit(f"{published[:30]!r} is no day of publication; {told}", [_error("published", told)])
    made = site.texts.run(
        whose(request),
        lambda store: link_text(store, text, today=today, title=title, published=published or None),
    )
    with site.store.reading() as connection:
        return text_page(connection, made, title=title, text=text)


def _is_day(published: str, today: dt.date) -> bool:
    try:
        return PartialDate.parse(published).span.first <= today
    except ValueError:
        return False


def _error(name: str, told: str) -> dict[str, str]:
    return {"in": "body", "name": name, "told": told}
