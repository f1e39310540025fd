"""My alerts: what is told, where and how often; made with the rate that is to be expected, paused, tested."""

from typing import Any, Final

import sqlalchemy as sa
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from archive.alerts import emails, leading, webhooks
from archive.alerts.expected import Rate, expected, expected_of, searched
from archive.alerts.listing import CHANNEL_TITLES, standings
from archive.guard import Guarded, user_of, visit_of
from archive.pages.following import address
from archive.searches import whose
from archive.site import Site, site_of
from storage import alerts, follows, outbox
from storage.alerts import CHANNELS, RHYTHMS, Alert, Channel
from storage.dates import utc_now
from storage.errors import NotFound, UsageMistake
from storage.follows import Follow
from storage.search.errors import NoIndex, QueryFault

_NO_POST: Final = (
    'no alert can be sent from here yet: whoever runs this archive writes base_url = "https://…" (its own'
    " address, for the links in messages) into onrecord.toml, in the folder that it is served from, and for"
    " e-mail [alerts.mail] with host and sender; then starts it again. The README has all of it under Alerts"
)


def mine(request: Request) -> Response:
    """The person's alerts, and what was sent lately."""
    site, user = site_of(request), user_of(request)
    with site.store.reading() as connection:
        held = standings(connection, user)
        told = {one.alert.follow_id for one in held}
        others = [one for one in follows.of(connection, user) if one.id not in told]
        sent = outbox.listed(connection, [one.alert.id for one in held])
    return site.page(
        request,
        "alerts.html",
        held=held,
        others=others,
        sent=sent,
        titles={one.alert.id: one.alert.title for one in held},
        address=address,
        rhythms=RHYTHMS,
        channels=CHANNEL_TITLES,
        no_post=_NO_POST if site.post is None else None,
    )


def new(request: Request) -> Response:
    """The form of an alert on one thing that is followed, with what is to be expected of it."""
    return _form(request, _follow(request, request.query_params.get("follow", "")))


def make(request: Request) -> Response:
    """Make the alert; the answer is the only one that shows a webhook's secret."""
    site, form, user, now = site_of(request), visit_of(request).form, user_of(request), utc_now()
    follow = _follow(request, form.get("follow", ""))
    try:
        rhythm, to = alerts.as_rhythm(form.get("rhythm", "")), _target(site, form)
        with site.store.writing() as connection:
            confirmed = to[0] != "email"  # whoever reads what comes there is asked first
            made = alerts.add(connection, user, follow.id, to, rhythm, at=now, confirmed=confirmed)
            if made.what == "lead":
                leading.begin(connection, made, at=now)
            if not confirmed:
                outbox.put(connection, made.id, "confirm", [], at=now, due=now)
    except UsageMistake as mistake:
        return _form(request, follow, 422, fault=str(mistake))
    return site.page(request, "alert_made.html", alert=made)


def change(request: Request) -> Response:
    """Pause or resume it, test it, tell more or less often, end it."""
    site, form, now = site_of(request), visit_of(request).form, utc_now()
    do = form.get("do", "")
    with site.store.writing() as connection:
        alert = alerts.get(connection, request.path_params["id"], user_id=user_of(request))
        if do == "pause":
            alerts.pause(connection, alert.id, at=now)
        elif do == "resume":
            alerts.resume(connection, alert.id)
        elif do == "end":
            alerts.end(connection, alert.id, at=now)
        elif do == "rhythm":
            alerts.set_rhythm(connection, alert.id, alerts.as_rhythm(form.get("rhythm", "")))
        elif do == "test":
            _test(connection, alert)
        else:
            raise UsageMistake("an alert can be paused, resumed, tested, told in another rhythm, or ended")
    return RedirectResponse("/alerts", 303)


def retry(request: Request) -> Response:
    """Send one of the person's dead messages again."""
    with site_of(request).store.writing() as connection:
        message = outbox.get(connection, visit_of(request).form.get("id", ""))
        alerts.get(connection, message.alert_id or "", user_id=user_of(request))
        outbox.retry(connection, message.id, at=utc_now())
    return RedirectResponse("/alerts#sent", 303)


def _test(connection: sa.Connection, alert: Alert) -> None:
    if alert.state == "unconfirmed":
        raise UsageMistake("this address has not been confirmed yet")
    now = utc_now()
    if not any(one.kind == "test" for one in outbox.listed(connection, [alert.id], states=["waiting"])):
        outbox.put(connection, alert.id, "test", [], at=now, due=now)


def _follow(request: Request, follow_id: str) -> Follow:
    with site_of(request).store.reading() as connection:
        held = follows.of(connection, user_of(request))
    found = next((one for one in held if one.id == follow_id), None)
    if found is None:
        raise NotFound("you do not follow that")
    return found


def _target(site: Site, form: dict[str, str]) -> tuple[Channel, str]:
    """Where the form wants it sent; UsageMistake."""
    if site.post is None:
        raise UsageMistake(_NO_POST)
    channel = alerts.as_channel(form.get("channel", ""))
    if channel == "email":
        if site.post.mail is None:
            raise UsageMistake("no mail server is set here; choose another channel")
        return channel, emails.check(form.get("address", ""))
    if channel == "webhook":
        return channel, webhooks.check(form.get("address", "").strip(), site.post.hosts)
    name = form.get("chat", "")
    if name not in site.post.chats:
        raise UsageMistake("there is no such chat; an operator names them in onrecord.toml")
    return channel, name


def _form(request: Request, follow: Follow, status: int = 200, *, fault: str | None = None) -> Response:
    site, form = site_of(request), visit_of(request).form
    rate, doubt = _rate(request, follow)
    shown: dict[str, Any] = {"follow": follow, "rate": rate, "doubt": doubt, "fault": fault, "form": form}
    post = site.post
    channels = [
        name
        for name in CHANNELS
        if post and (name == "webhook" or (name == "email" and post.mail) or (name == "chat" and post.chats))
    ]
    chats = sorted(post.chats) if post else []
    told = _NO_POST if post is None else None
    return site.page(
        request,
        "alert_new.html",
        status,
        channels=channels,
        titles=CHANNEL_TITLES,
        chats=chats,
        rhythms=RHYTHMS,
        no_post=told,
        address=address,
        **shown,
    )


def _rate(request: Request, follow: Follow) -> tuple[Rate | None, str | None]:
    """What is to be expected; why it cannot be told where a search does not run."""
    site, now = site_of(request), utc_now()
    if follow.what != "search":
        with site.store.reading() as connection:
            return expected(connection, follow.what, follow.target, at=now), None
    try:
        hits = site.searches.run(whose(request), lambda index: searched(index, follow.target), patience=3.0)
    except (QueryFault, NoIndex) as error:
        return None, str(error)
    with site.store.reading() as connection:
        return expected_of(connection, hits, at=now), None


ROUTES: Final = (
    Guarded("/alerts", mine, needs="reader"),
    Guarded("/alerts", make, needs="reader", methods=["POST"]),
    Guarded("/alerts/new", new, needs="reader"),
    Guarded("/alerts/retry", retry, needs="reader", methods=["POST"]),
    Guarded("/alerts/{id}", change, needs="reader", methods=["POST"]),
)
