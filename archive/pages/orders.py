"""The operator's pages on orders: what is restricted or taken down, why, until when, and whoever looked."""

import datetime as dt
from typing import Final
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from archive.guard import Guarded, person_of, visit_of
from archive.reading.orders import order_lines, order_page, sealed_text
from archive.site import site_of
from storage import audit, orders, sealing
from storage.dates import utc_now
from storage.errors import NotFound, UsageMistake

_FOLDING: Final = 2.0  # seconds to wait for readers to let go of the log before the operator is told


def listed(request: Request) -> Response:
    """Every order, those to be thought of first, and the form for another."""
    return _list(request)


def place(request: Request) -> Response:
    """Restrict an item or take it down."""
    site, form = site_of(request), visit_of(request).form
    why, by, at = form.get("reason", ""), person_of(request).name, utc_now()
    try:
        with site.store.writing() as connection:
            what, about = orders.find(connection, form.get("item", "").strip())
            if form.get("kind") == "taken down":
                if form.get("sure") != "yes":
                    raise UsageMistake("tick that it shall be erased: a takedown cannot be undone")
                made, _ = orders.take_down(connection, what, about, reason=why, who=by, at=at)
            else:
                until = _day(form.get("until", ""))
                made = orders.restrict(connection, what, about, reason=why, who=by, at=at, until=until)
    except (UsageMistake, NotFound) as mistake:
        return _list(request, fault=str(mistake), form=form)
    if form.get("kind") == "taken down":
        sealing.finish(site.store, within=_FOLDING)
    return RedirectResponse(f"/operator/orders/{quote(made, safe='')}", 303)


def one(request: Request) -> Response:
    """The tombstone: which item, the order, its reason and end, and who looked at what it seals."""
    return _one(request)


def lift(request: Request) -> Response:
    """End the order."""
    order_id = request.path_params["id"]
    try:
        with site_of(request).store.writing() as connection:
            reason = visit_of(request).form.get("reason", "")
            orders.lift(connection, order_id, reason=reason, who=person_of(request).name, at=utc_now())
    except UsageMistake as mistake:
        return _one(request, fault=str(mistake))
    return RedirectResponse(f"/operator/orders/{quote(order_id, safe='')}", 303)


def look(request: Request) -> Response:
    """Show once what the order seals; the look is logged with its reason before anything is shown."""
    reason = " ".join(visit_of(request).form.get("reason", "").split())
    if not reason:
        raise HTTPException(403, "Say why you must see what is sealed; the reason is logged.")
    with site_of(request).store.writing() as connection:
        order = orders.get(connection, request.path_params["id"])
        audit.note(
            connection,
            "sealed read",
            order.what,
            order.about,
            who=person_of(request).name,
            at=utc_now(),
            reason=reason[:2_000],
            details={"order": order.id},
        )
        seen = sealed_text(connection, order)
    return _one(request, seen=seen)


def _list(request: Request, *, fault: str | None = None, form: dict[str, str] | None = None) -> Response:
    site, today = site_of(request), utc_now().date()
    with site.store.reading() as connection:
        lines = order_lines(connection, today=today)
    given = form or {"item": request.query_params.get("item", "")[:2_000]}
    return site.page(
        request, "orders.html", 422 if fault else 200, lines=lines, fault=fault, given=given, today=today
    )


def _one(request: Request, *, fault: str | None = None, seen: tuple[str, str] | None = None) -> Response:
    site = site_of(request)
    with site.store.reading() as connection:
        shown = order_page(connection, request.path_params["id"], today=utc_now().date())
    return site.page(request, "order.html", 422 if fault else 200, shown=shown, fault=fault, seen=seen)


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError:
        raise UsageMistake(f"{text!r} is no day; write it as 2026-11-30") from None


ROUTES: Final = (
    Guarded("/operator/orders", listed, needs="operator"),
    Guarded("/operator/orders", place, needs="operator", methods=["POST"]),
    Guarded("/operator/orders/{id}", one, needs="operator"),
    Guarded("/operator/orders/{id}/lift", lift, needs="operator", methods=["POST"]),
    Guarded("/operator/orders/{id}/look", look, needs="operator", methods=["POST"]),
)
