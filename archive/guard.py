"""Who may do what: every route declares the role it needs, and what is not declared is not there.

A request that changes something must come from our own page: by ``Sec-Fetch-Site`` where the browser
sends it, by ``Origin`` otherwise, and with the form's token in either case.
"""

import hmac
import secrets
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final, Literal
from urllib.parse import quote, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from archive.turns import Turns
from storage import people
from storage.dates import utc_now
from storage.people import Person, Role
from storage.store import Store

Needs = Role | Literal["anyone"]
LARGEST_BODY: Final = 2**20
_MOST_FIELDS: Final = 50
_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True, kw_only=True)
class Visit:
    """One request: who makes it, what its form says, and the secret its forms are tied to."""

    person: Person | None
    form: dict[str, str]
    seed: str
    seed_is_new: bool

    @property
    def form_token(self) -> str:
        """What a form of this visitor must carry."""
        return hmac.new(self.seed.encode(), b"form", sha256).hexdigest()


class Guarded(Route):
    """A route that says whom it is for. ``methods`` other than GET are held to come from our own pages.

    ``token_in_path``: its ``{token}`` stands for the header, for programs that can send none.
    ``from_anywhere``: but for those whose address carries the secret that allows it; its form is not read.
    ``at_once``: what it answers lies ready: nobody waits for a turn. A page asks for several of these.
    """

    def __init__(
        self,
        path: str,
        endpoint: Callable[[Request], Response | Awaitable[Response]],
        *,
        needs: Needs,
        methods: Collection[str] = ("GET",),
        name: str | None = None,
        token_in_path: bool = False,
        from_anywhere: bool = False,
        at_once: bool = False,
    ) -> None:
        super().__init__(path, endpoint, methods=methods, name=name)
        self.at_once = at_once
        self.needs, self.token_in_path, self.from_anywhere = needs, token_in_path, from_anywhere

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the request through, or answer in the route's place."""
        request = Request(scope, receive)
        if self.methods and request.method not in self.methods:
            raise HTTPException(405, headers={"Allow": ", ".join(sorted(_methods(request, self.path)))})
        # The API takes no cookies, only tokens, which no other site can make a browser send.
        held = not is_api(request) and not self.from_anywhere
        changing = request.method not in _SAFE and held
        form = await _form(request) if changing else {}
        visit = await _visit(request, form, token_in_path=self.token_in_path)
        scope.setdefault("state", {})["visit"] = visit
        refusal = self._refusal(request, visit, changing=changing)
        answer = refusal or self.app
        if self.at_once:
            await answer(scope, receive, send)
        else:
            turns: Turns = request.app.state.site.turns
            await turns.answer(_who(request, visit), answer, scope, receive, send)

    def _refusal(self, request: Request, visit: Visit, *, changing: bool) -> Response | None:
        if changing and not _is_ours(request, visit):
            raise HTTPException(403, "This was not sent from a page of this archive; go back and try again.")
        if self.needs == "anyone":
            return None
        if visit.person is None:
            if is_api(request):
                raise HTTPException(
                    401, "A token is needed.", headers={"WWW-Authenticate": 'Bearer realm="onrecord"'}
                )
            target = request.url.path + (f"?{request.url.query}" if request.url.query else "")
            return RedirectResponse(f"/sign-in?next={quote(target, safe='')}", 303)
        if not visit.person.may(self.needs):
            raise HTTPException(
                403,
                f"This is for {self.needs}s; you are a {visit.person.role}. Ask an operator if you need it.",
            )
        return None


def _who(request: Request, visit: Visit) -> str:
    """Whose turn it takes: a person's, a token's, or that of an address."""
    if visit.person is None:
        return f"at {request.client.host if request.client else '?'}"
    return visit.person.user_id or visit.person.key_id


def _methods(request: Request, path: str) -> set[str]:
    """What a path takes, by all the routes it has."""
    same = [route for route in request.app.routes if isinstance(route, Guarded) and route.path == path]
    return {method for route in same for method in route.methods or ()}


def visit_of(request: Request) -> Visit:
    """The visit that the guard made of the request."""
    visit: Visit = request.state.visit
    return visit


def person_of(request: Request) -> Person:
    """Whoever asks, of a route that lets nobody in who is not known."""
    person = visit_of(request).person
    assert person is not None, "the guard lets nobody else here"
    return person


def user_of(request: Request) -> str:
    """The account of whoever asks; 403 for a token that belongs to none."""
    user_id = person_of(request).user_id
    if user_id is None:
        raise HTTPException(403, "Only a person with an account may do this.")
    return user_id


def is_api(request: Request) -> bool:
    """Whether the answer is for a program."""
    return request.url.path.startswith("/api/v1/")


def token_of(request: Request, *, in_path: bool = False) -> str | None:
    """The token that a program shows: in its header, or in the address where that stands for it."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if not scheme and in_path:
        return str(request.path_params["token"])
    return token.strip() if scheme.lower() == "bearer" else None


def cookie_name(request: Request, what: str) -> str:
    """The name of one of our cookies, tied to this host alone where the connection is safe."""
    return f"__Host-onrecord-{what}" if is_secure(request) else f"onrecord-{what}"


def is_secure(request: Request) -> bool:
    """Whether the person's browser reaches the archive by https."""
    base: str | None = request.app.state.site.base_url
    return request.url.scheme == "https" or bool(base and base.startswith("https:"))


def set_cookie(request: Request, response: Response, what: str, value: str, *, seconds: int | None) -> None:
    """Give the browser a cookie that no script and no other site can use."""
    response.set_cookie(
        cookie_name(request, what),
        value,
        max_age=seconds,
        path="/",
        secure=is_secure(request),
        httponly=True,
        samesite="lax",
    )


def safe_next(target: str | None) -> str:
    """A path of this archive to go to after signing in; the home page for anything else."""
    if not target or len(target) > 2_000 or not target.isprintable() or "\\" in target:
        return "/"
    if not target.startswith("/") or target.startswith("//"):
        return "/"
    parts = urlsplit(target)
    return target if not parts.scheme and not parts.netloc else "/"


async def _form(request: Request) -> dict[str, str]:
    if request.headers.get("content-type", "").split(";")[0] != "application/x-www-form-urlencoded":
        raise HTTPException(403, "Only the archive's own forms are read.")
    try:
        async with request.form(max_fields=_MOST_FIELDS, max_files=0) as form:
            return {key: value for key, value in form.items() if isinstance(value, str)}
    except ClientDisconnect:
        raise HTTPException(400, "The form did not come to its end.") from None


async def _visit(request: Request, form: dict[str, str], *, token_in_path: bool) -> Visit:
    secret = request.cookies.get(cookie_name(request, "session"))
    shown = token_of(request, in_path=token_in_path) if is_api(request) else secret
    # Whoever shows nothing is answered without the store, where the page needs none, and without a thread,
    # which may all be waiting for a server that hangs.
    person = await run_in_threadpool(_bearer, request, shown) if shown else None
    known = secret if person else request.cookies.get(cookie_name(request, "form"))
    return Visit(person=person, form=form, seed=known or secrets.token_urlsafe(24), seed_is_new=not known)


def _bearer(request: Request, shown: str) -> Person | None:
    store: Store = request.app.state.site.store
    purpose: people.Purpose = "token" if is_api(request) else "session"
    with store.reading() as connection:
        return people.bearer(connection, purpose, shown, at=utc_now())


def _is_ours(request: Request, visit: Visit) -> bool:
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        from_here = site == "same-origin"
    else:
        from_here = request.headers.get("origin") in _own_origins(request)
    token = visit.form.get("token", "")
    return (
        from_here and not visit.seed_is_new and hmac.compare_digest(token.encode(), visit.form_token.encode())
    )


def _own_origins(request: Request) -> set[str]:
    base: str | None = request.app.state.site.base_url
    origins = {f"{request.url.scheme}://{request.url.netloc}"}
    if base:
        parts = urlsplit(base)
        origins.add(f"{parts.scheme}://{parts.netloc}")
    return origins


def state_of(request: Request) -> dict[str, Any]:
    """What every template is given: the visitor and the form token."""
    visit = visit_of(request)
    return {"person": visit.person, "form_token": visit.form_token}
