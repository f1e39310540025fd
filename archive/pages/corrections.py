"""The operator's queue of mistakes that people reported on public pages."""

from typing import Final

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from archive.guard import Guarded, person_of, visit_of
from archive.site import site_of
from storage import corrections
from storage.dates import utc_now
from storage.errors import UsageMistake


def listed(request: Request) -> Response:
    """Open ones first, then what was decided."""
    return _page(request)


def change(request: Request) -> Response:
    """Take the link from public view or let it back; uphold the correction or refuse it."""
    form, id_, at = visit_of(request).form, request.path_params["id"], utc_now()
    do, who = form.get("do", ""), person_of(request).name
    try:
        with site_of(request).store.writing() as connection:
            if do in ("suppress", "let back"):
                corrections.suppress(connection, id_, on=do == "suppress", who=who, at=at)
            elif do == "uphold":
                corrections.decide(connection, id_, "upheld", form.get("answer", ""), who=who, at=at)
            elif do == "refuse":
                corrections.decide(connection, id_, "refused", form.get("answer", ""), who=who, at=at)
            else:
                raise UsageMistake("a correction can be upheld or refused, its link suppressed or let back")
    except UsageMistake as mistake:
        return _page(request, fault=str(mistake))
    return RedirectResponse("/operator/corrections", 303)


def _page(request: Request, *, fault: str | None = None) -> Response:
    site = site_of(request)
    with site.store.reading() as connection:
        held = corrections.listed(connection)
    return site.page(
        request, "corrections.html", 422 if fault else 200, held=held, fault=fault, opening=site.opening
    )


ROUTES: Final = (
    Guarded("/operator/corrections", listed, needs="operator"),
    Guarded("/operator/corrections/{id}", change, needs="operator", methods=["POST"]),
)
