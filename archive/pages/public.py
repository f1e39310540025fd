"""The public view: off unless an operator opens it, and then a page for each record of ``archive.public``."""

import time
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from archive.guard import Guarded, visit_of
from archive.public import One, answer, opened
from archive.reading import public, public_records
from archive.site import site_of
from storage import corrections
from storage.dates import utc_now
from storage.errors import UsageMistake

_THANKS: Final = "Thank you. Somebody will look at it; what is decided is listed here."


def stories(request: Request) -> Response:
    """Confirmed stories, newest first, of every authority or of one."""
    opening, asked = opened(request), request.query_params
    page = asked.get("page", "1")
    number = int(page) if page.isascii() and page.isdecimal() and len(page) < 5 else 1
    with site_of(request).store.reading() as connection:
        known = public.listing(connection, opening, authority=asked.get("authority", "")[:200], page=number)
    if known.authority and known.authority not in known.authorities:
        raise HTTPException(404)
    return answer(request, known)


def story(request: Request) -> Response:
    """One story: what it is linked to, who checked it, and the form to report a mistake."""
    return answer(request, _one(request))


def report(request: Request) -> Response:
    """Take in a report of a mistake."""
    opening, site = opened(request), site_of(request)
    shown = _one(request)
    address = request.client.host if request.client else "?"
    if site.reports.too_many(address, time.monotonic()):
        raise HTTPException(
            429, "Too many reports from your address; wait a minute.", headers={"Retry-After": "60"}
        )
    form = visit_of(request).form
    try:
        with site.store.writing() as connection:
            corrections.report(
                connection,
                shown.story.article_id,
                shown.story.mention,
                said=form.get("said", ""),
                contact=form.get("contact", ""),
                suppress=opening.suppress_on_report,
                at=utc_now(),
            )
    except UsageMistake as mistake:
        return answer(request, shown, note=f"{str(mistake)[:1].upper()}{str(mistake)[1:]}.", status=422)
    return RedirectResponse("/public/corrections?reported=1", 303)


def home(request: Request) -> Response:
    """A setting."""
    opening = opened(request)
    with site_of(request).store.reading() as connection:
        found = public_records.home(connection, opening, request.path_params["id"])
    if found is None:
        raise HTTPException(404)
    return answer(request, found)


def owner(request: Request) -> Response:
    """A provider that is an organisation."""
    opening = opened(request)
    with site_of(request).store.reading() as connection:
        found = public_records.owner(connection, opening, request.path_params["id"])
    if found is None:
        raise HTTPException(404)
    return answer(request, found)


def decided(request: Request) -> Response:
    """Corrections and what was decided."""
    opened(request)
    with site_of(request).store.reading() as connection:
        found = public.decided(connection)
    return answer(request, found, note=_THANKS if request.query_params.get("reported") else None)


def _one(request: Request) -> One:
    opening, mention = opened(request), request.path_params["mention"]
    if not (mention.isascii() and mention.isdecimal() and len(mention) < 5):
        raise HTTPException(404)
    with site_of(request).store.reading() as connection:
        found = public.story(connection, opening, request.path_params["id"], int(mention))
    if found is None:
        raise HTTPException(404)
    return found


ROUTES: Final = (
    Guarded("/public", stories, needs="anyone"),
    Guarded("/public/stories/{id}/{mention}", story, needs="anyone"),
    Guarded("/public/stories/{id}/{mention}/report", report, needs="anyone", methods=["POST"]),
    Guarded("/public/settings/{id}", home, needs="anyone"),
    Guarded("/public/providers/{id}", owner, needs="anyone"),
    Guarded("/public/corrections", decided, needs="anyone"),
)
