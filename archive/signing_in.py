"""Signing in by name and password or by a one-time link, and out again."""

import time
from typing import Final

import sqlalchemy as sa
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from archive.guard import Guarded, cookie_name, safe_next, set_cookie, visit_of
from archive.site import site_of
from storage import people
from storage.dates import utc_now
from storage.errors import UsageMistake


def sign_in_page(request: Request) -> Response:
    """The form for name and password."""
    target = safe_next(request.query_params.get("next"))
    return site_of(request).page(request, "sign_in.html", target=target, name="", fault=None)


def sign_in(request: Request) -> Response:
    """Check name and password; one answer for every way of being wrong."""
    site, form = site_of(request), visit_of(request).form
    _count_attempt(request)
    name, target = form.get("name", ""), safe_next(form.get("next"))
    with site.store.reading() as connection:
        user_id = people.check_password(connection, name, form.get("password", ""))
    if user_id is None:
        fault = "That name and password do not go together."
        return site.page(request, "sign_in.html", 403, target=target, name=name[:200], fault=fault)
    with site.store.writing() as connection:
        _end_session(request, connection)
        secret = people.start_session(connection, user_id, at=utc_now())
    return _enter(request, secret, target)


def link_page(request: Request) -> Response:
    """What a one-time link shows; looking at it spends nothing."""
    return _link_page(request)


def use_link(request: Request) -> Response:
    """Spend the link: sign in its account, or open the first one."""
    site, form = site_of(request), visit_of(request).form
    _count_attempt(request)
    password = form.get("password") or None
    try:
        with site.store.writing() as connection:
            secret = people.use_link(
                connection,
                request.path_params["secret"],
                at=utc_now(),
                name=form.get("name", ""),
                password=password,
            )
            if secret:
                _end_session(request, connection)
    except UsageMistake as mistake:
        return _link_page(request, fault=str(mistake), name=form.get("name", "")[:200])
    return _enter(request, secret, "/") if secret else _link_page(request)


def sign_out(request: Request) -> Response:
    """End the session."""
    with site_of(request).store.writing() as connection:
        _end_session(request, connection)
    response = RedirectResponse("/sign-in", 303)
    response.delete_cookie(cookie_name(request, "session"), path="/")
    return response


def _link_page(request: Request, *, fault: str | None = None, name: str = "operator") -> Response:
    site, secret = site_of(request), request.path_params["secret"]
    with site.store.reading() as connection:
        held = people.bearer(connection, "sign-in", secret, at=utc_now())
    status = 422 if fault else 200 if held else 410
    return site.page(request, "link.html", status, held=held, secret=secret, fault=fault, name=name)


def _enter(request: Request, secret: str, target: str) -> Response:
    response = RedirectResponse(target, 303)
    set_cookie(request, response, "session", secret, seconds=int(people.SESSION_LASTS.total_seconds()))
    response.delete_cookie(cookie_name(request, "form"), path="/")
    return response


def _end_session(request: Request, connection: sa.Connection) -> None:
    person = visit_of(request).person
    if person is not None:
        people.end(connection, person.key_id, at=utc_now())


def _count_attempt(request: Request) -> None:
    address = request.client.host if request.client else "?"
    if site_of(request).attempts.too_many(address, time.monotonic()):
        raise HTTPException(
            429, "Too many attempts to sign in; wait a minute.", headers={"Retry-After": "60"}
        )


ROUTES: Final = (
    Guarded("/sign-in", sign_in_page, needs="anyone"),
    Guarded("/sign-in", sign_in, needs="anyone", methods=["POST"]),
    Guarded("/sign-in/{secret}", link_page, needs="anyone"),
    Guarded("/sign-in/{secret}", use_link, needs="anyone", methods=["POST"]),
    Guarded("/sign-out", sign_out, needs="reader", methods=["POST"]),
)
