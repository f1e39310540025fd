"""For machines that watch over the archive: whether it is alive, whether it can answer, and its figures."""

import datetime as dt
from typing import Final

import sqlalchemy as sa
from prometheus_client import CONTENT_TYPE_LATEST
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from archive.guard import Guarded, token_of
from archive.site import Site, site_of
from storage import health, jobs, metrics, people, upgrade
from storage.dates import utc_now
from storage.errors import OnRecordError
from storage.held import TOO_LONG
from storage.search.folder import IndexFolder

_LATE: Final = dt.timedelta(days=1)
_HERE: Final = frozenset({"127.0.0.1", "::1"})
_NOT_KEPT: Final = {"Cache-Control": "no-store"}


async def alive(_: Request) -> Response:
    """That this process answers; it asks nothing else, and no thread."""
    return PlainTextResponse("ok\n", headers=_NOT_KEPT)


def ready(request: Request) -> Response:
    """Whether people can be sent here; 503 where not. A schedule that is late is told, and hinders nobody."""
    site = site_of(request)
    told = {
        "store": False,
        "schema": False,
        "writer": False,
        "index": IndexFolder(site.store.place.index).current() is not None,
        "disk": health.room(site.store.place) >= health.FLOOR,
    }
    schedule = None
    try:
        with site.store.reading() as connection:
            told["schema"] = upgrade.is_current(connection, "the archive")
            told["store"] = True
            told["writer"] = site.held.seconds(site.store) < TOO_LONG
            schedule = _schedule(connection, utc_now())
    except (OnRecordError, sa.exc.SQLAlchemyError, OSError):
        pass  # what cannot be read is told as such
    status = 200 if all(told.values()) else 503
    return JSONResponse(told | {"schedule": schedule}, status, headers=_NOT_KEPT)


def figures(request: Request) -> Response:
    """Prometheus metrics, for this machine and for an operator's token."""
    site = site_of(request)
    if not (_is_here(request) or _is_operators(request, site)):
        raise HTTPException(
            401, "An operator's token is needed.", headers={"WWW-Authenticate": 'Bearer realm="onrecord"'}
        )
    content = metrics.exposition(site.store)
    return Response(content, headers=_NOT_KEPT, media_type=CONTENT_TYPE_LATEST)


def _schedule(connection: sa.Connection, at: dt.datetime) -> str:
    planned = jobs.listed(connection)
    if not planned:
        return "none"
    late = any(job.due < at - _LATE for job in planned)
    return "late" if late and not any(job.is_running(at) for job in planned) else "in time"


def _is_here(request: Request) -> bool:
    """Asked from this machine, and not handed on by a proxy on it."""
    handed_on = {"forwarded", "via", "x-forwarded-for", "x-real-ip"}.intersection(request.headers.keys())
    return request.client is not None and request.client.host in _HERE and not handed_on


def _is_operators(request: Request, site: Site) -> bool:
    token = token_of(request)
    if not token:
        return False
    with site.store.reading() as connection:
        person = people.bearer(connection, "token", token, at=utc_now())
    return person is not None and person.may("operator")


ROUTES: Final = (
    Guarded("/healthz", alive, needs="anyone"),
    Guarded("/readyz", ready, needs="anyone"),
    Guarded("/metrics", figures, needs="anyone"),
)
