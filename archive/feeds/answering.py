"""A feed as an answer: in the format asked for, only where it changed since the reader last had it."""

import datetime as dt
from collections.abc import Callable, Mapping
from email.utils import format_datetime, parsedate_to_datetime
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from archive.feeds import atom, jsonfeed, rss
from archive.feeds.shape import Feed
from archive.unchanged import has_already, tag_of

FORMS: Final[Mapping[str, tuple[Callable[[Feed], bytes], str]]] = {
    "atom": (atom.written, atom.TYPE),
    "rss": (rss.written, rss.TYPE),
    "json": (jsonfeed.written, jsonfeed.TYPE),
}
PRIVATE: Final = "private, no-store"
PUBLIC: Final = "public, max-age=300"


def answer(request: Request, feed: Feed, form: str, *, caching: str) -> Response:
    """The feed, or 304 where the request names it as it is."""
    write, type_ = FORMS[form]
    body = write(feed)
    headers = {
        "ETag": tag_of(body),
        "Last-Modified": format_datetime(feed.updated.astimezone(dt.UTC), usegmt=True),
        "Cache-Control": caching,
    }
    if _is_known(request, headers["ETag"], feed.updated):
        return Response(status_code=304, headers=headers)
    return Response(body, headers={**headers, "Content-Type": type_})


def _is_known(request: Request, tag: str, updated: dt.datetime) -> bool:
    """RFC 9110: the tags decide where there are any, the moment where there are none."""
    named = has_already(request, tag)
    if named is not None:
        return named
    since = request.headers.get("if-modified-since")
    try:
        return since is not None and updated.replace(microsecond=0) <= parsedate_to_datetime(since)
    except (TypeError, ValueError):
        return False
