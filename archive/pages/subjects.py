"""The operator's page for a person who asks what the archive says of them, or that their name go.

A name is sent in a form, never in an address: addresses are logged and kept by browsers.
"""

from typing import Final

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from archive.guard import Guarded, person_of, visit_of
from archive.reading.subjects import Answer, answer, answered
from archive.site import site_of
from storage import audit, sealing
from storage.dates import utc_now
from storage.errors import UsageMistake
from storage.ids import random_id
from storage.subjects import erasing
from storage.subjects.names import Name, name_of

_FOLDING: Final = 2.0  # seconds to wait for readers to let go of the log


def asked(request: Request) -> Response:
    """The form, and what was answered before."""
    return _page(request)


def ask(request: Request) -> Response:
    """Tell where the names stand, or erase them there; either is logged, without the name."""
    act = _erase if visit_of(request).form.get("do") == "erase" else _find
    try:
        return act(request)
    except UsageMistake as mistake:
        return _page(request, 422, fault=str(mistake))


def _find(request: Request) -> Response:
    names = _names(request)
    with site_of(request).store.writing() as connection:
        found = answer(connection, names)
        told = {"items": len(found.items) + found.more}
        by, at = person_of(request).name, utc_now()
        audit.note(connection, "person sought", "subject", random_id("search"), who=by, at=at, details=told)
    return _page(request, found=found)


def _erase(request: Request) -> Response:
    site, form, names = site_of(request), visit_of(request).form, _names(request)
    if form.get("sure") != "yes":
        raise UsageMistake("tick that the name shall go: it cannot be undone")
    wanted = erasing.Request(
        reason=form.get("reason", ""),
        who=person_of(request).name,
        at=utc_now(),
        keep=frozenset(form.get("keep", "").split()),
        seal=form.get("seal") == "yes",
    )
    with site.store.writing() as connection:
        found = answer(connection, names).found
        if unknown := wanted.keep - {one.about for one in found}:
            raise UsageMistake(f"{min(unknown)[:60]} is none of the items that say the name")
        erasing.erase(connection, names, found, wanted)
    sealing.finish(site.store, within=_FOLDING)
    return RedirectResponse("/operator/subjects#answered", 303)


def _names(request: Request) -> list[Name]:
    form = visit_of(request).form
    also = [line for line in form.get("also", "").splitlines() if line.strip()]
    return [name_of(one) for one in (form.get("name", ""), *also[:20])]


def _page(
    request: Request, status: int = 200, *, found: Answer | None = None, fault: str | None = None
) -> Response:
    site = site_of(request)
    with site.store.reading() as connection:
        log = answered(connection)
    given = visit_of(request).form
    return site.page(
        request, "operator_subjects.html", status, log=log, found=found, fault=fault, given=given
    )


ROUTES: Final = (
    Guarded("/operator/subjects", asked, needs="operator"),
    Guarded("/operator/subjects", ask, needs="operator", methods=["POST"]),
)
