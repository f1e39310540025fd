"""What changed since a person last looked, and the button that says they have seen it."""

import datetime as dt
from typing import Final

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from archive.guard import Guarded, user_of, visit_of
from archive.reading.news import TITLES, news
from archive.site import site_of
from storage import changes, looks
from storage.dates import utc_now
from storage.errors import UsageMistake
from storage.looks import Look


def since(request: Request) -> Response:
    """The news since the last look."""
    site = site_of(request)
    with site.store.reading() as connection:
        look = looks.last(connection, user_of(request))
        parts, newest = news(connection, look), changes.last(connection)
    return site.page(
        request, "since.html", look=look, parts=parts, titles=TITLES, newest=newest, now=utc_now()
    )


def seen(request: Request) -> Response:
    """Mark as seen what the page showed; what came meanwhile stays new."""
    form, user = visit_of(request).form, user_of(request)
    shown, now = form.get("seq", ""), utc_now()
    if not (shown.isascii() and shown.isdecimal() and len(shown) < 19):
        raise UsageMistake("that page does not say up to where it showed the news; open it again")
    with site_of(request).store.writing() as connection:
        upto = min(int(shown), changes.last(connection))
        looks.mark(connection, user, Look(seq=upto, at=_moment(form.get("at", ""), now)))
    return RedirectResponse("/since", 303)


def _moment(text: str, now: dt.datetime) -> dt.datetime:
    """When the page was made; now for a form that does not say so, or says a later moment."""
    try:
        told = dt.datetime.fromisoformat(text)
    except ValueError:
        return now
    return min(told, now) if told.tzinfo else now


ROUTES: Final = (
    Guarded("/since", since, needs="reader"),
    Guarded("/since", seen, needs="reader", methods=["POST"]),
)
