"""Feeds: beside the page of everything that can be followed, by private addresses, and public ones."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Final
from urllib.parse import parse_qsl, quote, urlencode

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from archive.feeds.answering import FORMS, PRIVATE, PUBLIC, answer
from archive.feeds.leads import lead_feed
from archive.feeds.names import name_of
from archive.feeds.public import public_feed
from archive.feeds.records import Place, record_feed
from archive.feeds.searches import search_feed
from archive.feeds.shape import Feed
from archive.guard import Guarded, user_of, visit_of
from archive.pages.following import address
from archive.paging import page_number
from archive.public import opened
from archive.searches import whose
from archive.site import base_of, site_of
from archive.telling import london_day
from storage import follows, subscriptions
from storage.dates import utc_now
from storage.errors import UsageMistake
from storage.follows import Followed

_PATHS: Final[dict[Followed, str]] = {
    "setting": "/settings/{target}",
    "provider": "/providers/{target}",
    "group": "/groups/{target:path}",
    "authority": "/authorities/{target:path}",
    "outlet": "/outlets/{target:path}",
}
_PLACES: Final = ("archive", "page")
"""What of an address says which document of a feed is meant, not which feed."""


def beside(request: Request, *, what: Followed, form: str) -> Response:
    """The feed beside the page of a record, for whoever is signed in."""
    target = request.path_params["target"]
    own = quote(request.path_params["target"], safe="" if what in ("setting", "provider") else "/")
    path = f"/{request.url.path.split('/')[1]}/{own}.{form}"
    return answer(request, _feed(request, (what, target), path, whose(request)), form, caching=PRIVATE)


def of_search(request: Request, *, form: str) -> Response:
    """The feed of a search, which its address says."""
    query = _query(request)
    feed = _feed(request, ("search", query), f"/search.{form}?{query}".rstrip("?"), whose(request))
    return answer(request, feed, form, caching=PRIVATE)


def of_lead(request: Request, *, form: str) -> Response:
    """The feed of a lead as its address narrows it."""
    name, query = request.path_params["target"], _query(request)
    narrowed = f"?{query}" if query else ""
    feed = _feed(request, ("lead", f"{name}{narrowed}"), f"/leads/{quote(name)}.{form}{narrowed}", "")
    return answer(request, feed, form, caching=PRIVATE)


def by_secret(request: Request, *, form: str) -> Response:
    """The one feed that a private address opens; what it does not open was never there."""
    secret = request.path_params["secret"]
    with site_of(request).store.reading() as connection:
        held = subscriptions.opened_by(connection, secret, at=utc_now())
    if held is None:
        raise HTTPException(404)
    path = f"/feeds/{quote(secret, safe='')}.{form}"
    feed = _feed(request, (held.what, held.target), path, held.user_id)
    return answer(request, feed, form, caching=PRIVATE)


def subscribe(request: Request) -> Response:
    """Make a private address and show it, this once."""
    form, site = visit_of(request).form, site_of(request)
    what, target = follows.as_followed(form.get("what", "")), form.get("target", "").strip()
    title = _feed(request, (what, target), "", whose(request)).title.removesuffix(" · On Record")
    with site.store.writing() as connection:
        secret = subscriptions.subscribe(connection, user_of(request), what, target, at=utc_now())
    addresses = {form: f"{base_of(request)}/feeds/{secret}.{form}" for form in FORMS}
    back = address(what, target)
    return site.page(request, "feed_address.html", addresses=addresses, title=title, back=back)


def end(request: Request) -> Response:
    """End one of the person's private addresses."""
    with site_of(request).store.writing() as connection:
        subscriptions.end(connection, user_of(request), visit_of(request).form.get("id", ""), at=utc_now())
    return RedirectResponse("/following", 303)


def of_public(request: Request, *, what: str, form: str) -> Response:
    """A public feed, where the public view is open."""
    opening, site = opened(request), site_of(request)
    target = request.path_params.get("target", request.query_params.get("authority", "")[:200])
    page = f"/public/{what}s/{quote(target, safe='')}" if what != "authority" else "/public"
    narrowed = f"?{urlencode({'authority': target})}" if what == "authority" and target else ""
    place = _place(request, f"{page}{narrowed}", f"{page}.{form}{narrowed}")
    # Another name than in readers' feeds, where the same entry has the headline.
    place = replace(place, named=partial(place.named, "public"))
    with site.store.reading() as connection:
        feed = site.exact.of(
            connection,
            ("feed", opening, place.at(place.archive)),  # a document says its own address, so one each
            lambda: public_feed(connection, opening, what, target, place),
        )
    return answer(request, feed, form, caching=PUBLIC)


def _feed(request: Request, about: tuple[Followed, str], path: str, who: str) -> Feed:
    """The feed of a kind and target, of which ``path`` is the address."""
    site, (what, target) = site_of(request), about
    place = _place(request, address(what, target), path, paged=what == "search")
    with site.store.reading() as connection:
        if what == "search":
            return search_feed(
                connection,
                lambda asked: site.searches.run(who, lambda index: index.search(asked)),
                target,
                place,
            )
        if what == "lead":
            return lead_feed(connection, site.kept, target, place, london_day(utc_now()))
        return record_feed(connection, what, target, place)


def _place(request: Request, page: str, path: str, *, paged: bool = False) -> Place:
    base, site = base_of(request), site_of(request)
    which = "page" if paged else "archive"

    def at(number: int | None) -> str:
        joined = "&" if "?" in path else "?"
        return f"{base}{path}" + (f"{joined}{which}={number}" if number else "")

    return Place(
        base=base,
        page=f"{base}{page}",
        at=at,
        named=partial(name_of, site.base_url),
        archive=_number(request, which),
    )


def _number(request: Request, which: str) -> int | None:
    if which == "page":
        return page_number(request.query_params) if request.query_params.get("page") else None
    text = request.query_params.get("archive")
    if text is None:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) <= 6):
        raise UsageMistake(f"archive={text[:30]} is no number of an archive")
    return int(text)


def _query(request: Request) -> str:
    pairs = parse_qsl(request.url.query, max_num_fields=200)
    return urlencode([(name, value) for name, value in pairs if name not in _PLACES])


def _each(path: str, of: Callable[..., Response], **more: str) -> tuple[Guarded, ...]:
    needs = "anyone" if path.startswith(("/public", "/feeds/")) else "reader"
    return tuple(
        Guarded(f"{path}.{form}", partial(of, form=form, **more), needs=needs, name=f"feed{path}.{form}")  # type: ignore[arg-type]
        for form in FORMS
    )


ROUTES: Final = (
    *(route for what, path in _PATHS.items() for route in _each(path, beside, what=what)),
    *_each("/search", of_search),
    *_each("/leads/{target}", of_lead),
    *_each("/feeds/{secret}", by_secret),
    *_each("/public/settings/{target}", of_public, what="setting"),
    *_each("/public/providers/{target}", of_public, what="provider"),
    *_each("/public", of_public, what="authority"),
    Guarded("/feeds", subscribe, needs="reader", methods=["POST"]),
    Guarded("/feeds/end", end, needs="reader", methods=["POST"]),
)
