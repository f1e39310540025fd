"""Where messages lead: the address that confirms an alert, the one that ends it; and the operator's list."""

import hmac
from typing import Final, Literal

import sqlalchemy as sa
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from archive.alerts.listing import CHANNEL_TITLES, standings
from archive.guard import Guarded, visit_of
from archive.site import site_of
from storage import alerts, outbox, people
from storage.alerts import Alert
from storage.dates import utc_now
from storage.errors import NotFound


def confirming(request: Request) -> Response:
    """Ask whether the alert is wanted."""
    return _asked(request, "confirm")


def confirm(request: Request) -> Response:
    """Let it tell from now on."""
    with site_of(request).store.writing() as connection:
        alerts.confirm(connection, _named(connection, request, "confirm").id, at=utc_now())
    return _done(request, "Your alert is on. It tells what comes from now on.")


def ending(request: Request) -> Response:
    """Ask whether the alert is to end: a mail program that looks at links must not end it."""
    return _asked(request, "end")


def end(request: Request) -> Response:
    """End it, for a person's button and for a mail program's one click."""
    with site_of(request).store.writing() as connection:
        alerts.end(connection, _named(connection, request, "end").id, at=utc_now())
    return _done(request, "The alert is ended. Nothing more is sent.")


def every(request: Request) -> Response:
    """Everybody's alerts, and the messages that could not be delivered."""
    site = site_of(request)
    with site.store.reading() as connection:
        held = standings(connection)
        names = {row.id: row.name for row in people.list_users(connection)}
        dead = outbox.listed(connection, states=["dead"], limit=200)
    return site.page(
        request,
        "operator_alerts.html",
        held=held,
        names=names,
        dead=dead,
        titles={one.alert.id: one.alert.title for one in held},
        channels=CHANNEL_TITLES,
        can_send=site.post is not None,
    )


def retry(request: Request) -> Response:
    """Send a dead message again."""
    with site_of(request).store.writing() as connection:
        outbox.retry(connection, visit_of(request).form.get("id", ""), at=utc_now())
    return RedirectResponse("/operator/alerts", 303)


def _named(connection: sa.Connection, request: Request, purpose: Literal["confirm", "end"]) -> Alert:
    """The alert that the address names, where it carries its token; 404 for any other."""
    try:
        alert = alerts.get(connection, request.path_params["id"])
    except NotFound:
        raise HTTPException(404) from None
    given = str(request.path_params["secret"])
    if not hmac.compare_digest(alert.token(purpose).encode(), given.encode("utf-8", "replace")):
        raise HTTPException(404)
    return alert


def _asked(request: Request, purpose: Literal["confirm", "end"]) -> Response:
    site = site_of(request)
    with site.store.reading() as connection:
        alert = _named(connection, request, purpose)
    channel = CHANNEL_TITLES[alert.channel].lower()
    return site.page(request, "alert_answer.html", alert=alert, channel=channel, purpose=purpose, done=None)


def _done(request: Request, told: str) -> Response:
    return site_of(request).page(request, "alert_answer.html", alert=None, purpose=None, done=told)


ROUTES: Final = (
    Guarded("/alerts/{id}/confirm/{secret}", confirming, needs="anyone"),
    Guarded("/alerts/{id}/confirm/{secret}", confirm, needs="anyone", methods=["POST"]),
    Guarded("/alerts/{id}/end/{secret}", ending, needs="anyone"),
    Guarded("/alerts/{id}/end/{secret}", end, needs="anyone", methods=["POST"], from_anywhere=True),
    Guarded("/operator/alerts", every, needs="operator"),
    Guarded("/operator/alerts", retry, needs="operator", methods=["POST"]),
)
