"""The web archive as one application: its routes, and how faults are shown."""

import asyncio
import time
from collections.abc import Sequence
from http import HTTPStatus
from typing import Final

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, ExceptionHandler, Message, Receive, Scope, Send

from archive.api.pace import Pace
from archive.api.problems import problem
from archive.errors import TookTooLong, TooMuchAtOnce, Unfit
from archive.guard import LARGEST_BODY, Visit, is_api
from archive.headers import Headers
from archive.routes import ROUTES
from archive.site import Site
from storage.errors import (
    ArchiveBusy,
    EvidenceAway,
    NotFound,
    OnRecordError,
    ServerAway,
    Unsettled,
    UsageMistake,
)
from storage.search.errors import NoIndex

_STATUS: Final[tuple[tuple[type[OnRecordError], int], ...]] = (
    (NotFound, 404),
    (UsageMistake, 422),
    (Unfit, 422),
    (ArchiveBusy, 503),
    (ServerAway, 503),
    (EvidenceAway, 503),
    (Unsettled, 503),
    (NoIndex, 503),
    (TookTooLong, 503),
    (TooMuchAtOnce, 429),
)
_AWAY: Final = "The archive's database does not answer. What was kept is kept; try again in a moment."
_BUSY: Final = "Another program writes to the archive for longer than a page waits; try again in a moment."
_NO_EVIDENCE: Final = "The store of the evidence does not answer. Nothing is lost; try again in a moment."
_UNNAMED: Final = ((ServerAway, _AWAY), (ArchiveBusy, _BUSY), (EvidenceAway, _NO_EVIDENCE))
"""Faults whose own lines name the server, the file or the store."""
_REFUSED_AFTER: Final = 2.0  # seconds, for an address that was refused often
_NOBODY: Final = Visit(person=None, form={}, seed="", seed_is_new=False)


class _Application(Starlette):
    """An application of which every answer is dressed, the one to a fault of ours too."""

    def build_middleware_stack(self) -> ASGIApp:
        return Headers(_Slow(_Sized(super().build_middleware_stack()), self.state.site.refusals))


class _Slow:
    """Keeps those waiting who are refused again and again: they ask anew as soon as they are told."""

    def __init__(self, app: ASGIApp, refusals: Pace) -> None:
        self.app, self._refusals = app, refusals

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_on(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] >= 400:
                who = scope["client"][0] if scope.get("client") else "?"
                if self._refusals.wait(who, time.monotonic()):
                    await asyncio.sleep(_REFUSED_AFTER)
            await send(message)

        await self.app(scope, receive, send_on if scope["type"] == "http" else send)


class _Sized:
    """Tells a program of too large a body as of every fault; Starlette would in plain text."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        answer = self.app
        if scope["type"] == "http" and is_api(request := Request(scope)):
            size = request.headers.get("content-length", "")
            if size.isascii() and size.isdecimal() and int(size[:20]) > LARGEST_BODY:
                answer = problem(413, f"At most {LARGEST_BODY:,} bytes are read.")
        await answer(scope, receive, send)


def make_app(site: Site, *, hosts: Sequence[str]) -> Starlette:
    """The application; it answers only requests that name one of ``hosts``."""
    handlers: dict[int | type[Exception], ExceptionHandler] = {
        HTTPException: _refused,
        OnRecordError: _failed,
        Exception: _broken,
    }
    app = _Application(
        routes=ROUTES,
        middleware=[
            Middleware(TrustedHostMiddleware, allowed_hosts=list(hosts), www_redirect=False),
        ],
        exception_handlers=handlers,
        max_body_size=LARGEST_BODY,
    )
    app.router.redirect_slashes = False
    app.state.site = site
    return app


def _refused(request: Request, fault: Exception) -> Response:
    assert isinstance(fault, HTTPException)
    return _fault(request, fault.status_code, fault.detail, dict(fault.headers or {}))


def _failed(request: Request, fault: Exception) -> Response:
    status = next((status for kind, status in _STATUS if isinstance(fault, kind)), 500)
    if is_api(request) and isinstance(fault, Unfit):
        return problem(status, str(fault), errors=fault.errors)
    told = next((line for kind, line in _UNNAMED if isinstance(fault, kind)), str(fault))
    return _fault(request, status, told, {"Retry-After": "1"} if status in (429, 503) else None)


def _broken(request: Request, fault: Exception) -> Response:
    return _fault(request, 500, "Something broke here, and the log says what. It is not your doing.")


def _fault(request: Request, status: int, told: str, headers: dict[str, str] | None = None) -> Response:
    title = HTTPStatus(status).phrase
    detail = told if told != title else ""
    if is_api(request):
        return problem(status, detail, headers)
    if not hasattr(request.state, "visit"):
        request.state.visit = _NOBODY
    site: Site = request.app.state.site
    response = site.page(request, "error.html", status, title=title, told=detail)
    response.headers.update(headers or {})
    return response
