"""A page as a site of the demo gives it, and the templates that make them."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import format_datetime
from typing import Any, Final

import jinja2

NOTICE: Final = (
    "A demonstration of On Record: every paper, home, company, council, town and person is invented."
)

HTML: Final = "text/html; charset=utf-8"
XML: Final = "application/xml; charset=utf-8"
TEXT: Final = "text/plain; charset=utf-8"


@dataclass(frozen=True, kw_only=True)
class Page:
    """What a site answers with 200."""

    body: bytes
    content_type: str = HTML
    modified: dt.datetime | None = None


Site = Callable[[str, int], Page | None]
"""A site: the path with its query and the edition (1 or 2) to a page, or None for a 404."""


def moment(at: dt.datetime) -> str:
    """As machine-readable markup has it."""
    return f"{at:%Y-%m-%dT%H:%M:%S+00:00}"


def day(at: dt.date) -> str:
    """As people write it: 3 July 2024."""
    return f"{at.day} {at:%B %Y}"


def clock(at: dt.datetime) -> str:
    """As papers print it: 05:30, 3 Jul 2024."""
    return f"{at:%H:%M}, {at.day} {at:%b %Y}"


def render(template: str, **values: Any) -> bytes:
    """The template filled in, escaped."""
    return _TEMPLATES.get_template(template).render(**values).encode()


_TEMPLATES: Final = jinja2.Environment(
    loader=jinja2.PackageLoader("onrecord.demo"),
    autoescape=jinja2.select_autoescape(("html", "xml")),
    undefined=jinja2.StrictUndefined,
    trim_blocks=False,
)
_TEMPLATES.globals |= {
    "notice": NOTICE,
    "day": day,
    "clock": clock,
    "stamp": moment,
    "mail_date": format_datetime,
}
