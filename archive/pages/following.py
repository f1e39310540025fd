"""Following: the buttons on other pages post here, and one page lists what a person follows."""

from typing import Final
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from archive.feeds.records import title_of
from archive.guard import Guarded, user_of, visit_of
from archive.reading.followed import counts
from archive.reading.news import news
from archive.site import site_of
from storage import follows, looks, subscriptions
from storage.dates import utc_now
from storage.follows import Followed

_NEWS: Final = 200  # of each kind are looked through for what is followed
_PATHS: Final[dict[Followed, str]] = {
    "provider": "/providers/",
    "group": "/groups/",
    "setting": "/settings/",
    "authority": "/authorities/",
    "outlet": "/outlets/",
    "lead": "/leads/",
}


def address(what: Followed, target: str) -> str:
    """Where that which is followed is shown; always a path of this archive."""
    if what == "search":
        return f"/search?{quote(target, safe='=&%+')}"
    if what == "lead":
        return "/leads/" + quote(target.lstrip("/"), safe="=&%+?-")
    return _PATHS[what] + quote(target, safe="")


def follow(request: Request) -> Response:
    """Follow what the form names, and go back to it."""
    form = visit_of(request).form
    what, target = follows.as_followed(form.get("what", "")), form.get("target", "")
    with site_of(request).store.writing() as connection:
        follows.follow(connection, user_of(request), what, target, form.get("title", ""), at=utc_now())
    return RedirectResponse(address(what, target), 303)


def unfollow(request: Request) -> Response:
    """Follow it no longer, and go back to it, or to the list where that is where the button was."""
    form = visit_of(request).form
    with site_of(request).store.writing() as connection:
        ended = follows.unfollow(connection, user_of(request), form.get("id", ""), at=utc_now())
    there = "/following" if form.get("from") == "list" else address(ended.what, ended.target)
    return RedirectResponse(there, 303)


def following(request: Request) -> Response:
    """What the person follows, and how much of it is new since they last looked."""
    site = site_of(request)
    with site.store.reading() as connection:
        user = user_of(request)
        held = follows.of(connection, user)
        parts = news(connection, looks.last(connection, user), limit=_NEWS) if held else ()
        feeds = [
            (one, title_of(connection, one.what, one.target)) for one in subscriptions.of(connection, user)
        ]
    new = counts(site.index, held, parts)
    return site.page(request, "following.html", held=held, address=address, new=new, feeds=feeds)


ROUTES: Final = (
    Guarded("/follow", follow, needs="reader", methods=["POST"]),
    Guarded("/unfollow", unfollow, needs="reader", methods=["POST"]),
    Guarded("/following", following, needs="reader"),
)
