"""An endpoint of the API, declared once: what it takes and gives makes its route, its checks and its OpenAPI.

A layer on Starlette rather than FastAPI mounted: a mounted application has a router of its own, which the
guard does not see, and with it faults, roles and the tests that walk every route would be there twice.
"""

import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final, get_origin

import pydantic
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from archive.api.shapes import Given, Page, Record
from archive.errors import Unfit
from archive.guard import Guarded, Needs, visit_of
from archive.site import site_of
from archive.unchanged import has_already, tag_of

JSON: Final = "application/json"
_ACCEPTED: Final = ("application/json", "application/*", "*/*")
_IN_PATH: Final = re.compile(r"\{(\w+)(?::\w+)?\}")


class Nothing(Given):
    """No parameters at all."""


@dataclass(frozen=True, kw_only=True)
class Endpoint:
    """What is answered at ``path``: ``answer`` gets the request and what it asks, and gives ``gives``.

    ``takes`` are the parameters of the query; ``reads`` is the body, in ``media``. What ``answer`` raises
    are the archive's own faults. ``more`` are headers of every answer; not ``whole``: nulls are left out.
    """

    path: str
    answer: Callable[[Request, Any], Any]
    gives: Any
    takes: type[Given] = Nothing
    reads: type[Given] | None = None
    needs: Needs = "reader"
    media: str = JSON
    more: Mapping[str, str] = field(default_factory=dict)
    token_in_path: bool = False
    whole: bool = True

    @property
    def name(self) -> str:
        """The operation's id."""
        by = ".by_token" if self.token_in_path else ""
        return f"{self.answer.__module__.rpartition('.')[2]}.{self.answer.__name__}{by}"

    @property
    def method(self) -> str:
        """GET, or POST where a body is read."""
        return "POST" if self.reads else "GET"

    @property
    def in_path(self) -> list[str]:
        """The names of the path's places."""
        return _IN_PATH.findall(self.path)

    @cached_property
    def gives_as(self) -> pydantic.TypeAdapter[Any]:
        """How answers are written, and their schema."""
        return pydantic.TypeAdapter(self.gives)

    @property
    def route(self) -> Guarded:
        """The route, guarded as every other."""
        return Guarded(
            self.path,
            self._read_and_respond if self.reads else self._respond,
            needs=self.needs,
            methods=[self.method],
            name=f"api-{self.name}",
            token_in_path=self.token_in_path,
        )

    def written(self, request: Request, body: bytes | None = None) -> bytes:
        """The answer as JSON without a server, for whoever has the archive's own file."""
        if body is None or self.reads is None:
            asked = query(self.takes, request)
        else:
            asked = _fitting(self.reads.model_validate_json, body, "body")
        return self._written(request, asked)[1]

    def _written(self, request: Request, asked: Given) -> tuple[Any, bytes]:
        given = self.gives_as.validate_python(self.answer(request, asked))
        return given, self.gives_as.dump_json(given, by_alias=True, exclude_none=not self.whole)

    def _respond(self, request: Request, body: Given | None = None) -> Response:
        _check_accept(request)
        _check_pace(request)
        if any("\0" in str(value) for value in request.path_params.values()):
            raise HTTPException(404)  # no id has one, and PostgreSQL takes none
        asked = body if body is not None else query(self.takes, request)
        given, written = self._written(request, asked)
        headers = dict(self.more) | _headers(request, given, written)
        if self.method == "GET" and has_already(request, headers["ETag"]):
            return Response(status_code=304, headers=headers)
        return Response(written, headers=headers, media_type=JSON)

    async def _read_and_respond(self, request: Request) -> Response:
        assert self.reads is not None
        sent = request.headers.get("content-type", "").split(";")[0].strip().lower()
        if sent != self.media:
            raise HTTPException(415, f"Send {self.media}.")
        if self.media == JSON:
            body = _fitting(self.reads.model_validate_json, await request.body(), "body")
        else:
            async with request.form(max_fields=50, max_files=0) as form:
                body = _fitting(self.reads.model_validate, dict(form), "body")
        return await run_in_threadpool(self._respond, request, body)


def _headers(request: Request, given: Any, written: bytes) -> dict[str, str]:
    headers = {"ETag": tag_of(written)}
    if isinstance(given, Page) and given.next:
        headers["Link"] = f'<{given.next}>; rel="next"'
    if isinstance(given, Record) and (when := given.last_modified):
        headers["Last-Modified"] = when.strftime("%a, %d %b %Y %H:%M:%S GMT")
    return headers


def _check_accept(request: Request) -> None:
    """406 where ``Accept`` leaves no JSON."""
    accepted = request.headers.get("accept", "").lower() or "*/*"
    for one in accepted.split(","):
        kind, *parameters = (part.strip() for part in one.split(";"))
        if kind in _ACCEPTED and not any(re.fullmatch(r"q=0(\.0*)?", part) for part in parameters):
            return
    raise HTTPException(406, "Only application/json is answered.")


def _check_pace(request: Request) -> None:
    person, site = visit_of(request).person, site_of(request)
    who = person.key_id if person else f"at {request.client.host if request.client else '?'}"
    wait = site.pace.wait(who, time.monotonic())
    if wait:
        raise HTTPException(
            429,
            f"More than {site.pace.a_minute} a minute; ask again in a moment.",
            headers={"Retry-After": str(int(wait) + 1)},
        )


def query(takes: type[Given], request: Request) -> Given:
    """The parameters of the address; Unfit, also for a name that is none: it would filter nothing."""
    params, known = request.query_params, {}
    for name in params:
        info = next((one for key, one in takes.model_fields.items() if (one.alias or key) == name), None)
        many = info is not None and get_origin(info.annotation) is tuple
        known[name] = tuple(params.getlist(name)) if many else params[name]
    return _fitting(takes.model_validate, known, "query")


def _fitting(read: Callable[[Any], Given], sent: Any, where: str) -> Given:
    try:
        return read(sent)
    except pydantic.ValidationError as mistake:
        errors = [
            {"in": where, "name": ".".join(map(str, one["loc"])), "told": one["msg"]}
            for one in mistake.errors(include_url=False, include_context=False, include_input=False)
        ]
        names = ", ".join(dict.fromkeys(one["name"][:60] or where for one in errors[:5]))
        raise Unfit(f"What was sent does not fit: {names}.", errors[:20]) from None
