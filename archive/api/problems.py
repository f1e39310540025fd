"""Faults as programs read them: problem+json (RFC 9457), each kind with an address that documents it."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

from starlette.responses import JSONResponse

DOCUMENTED_AT: Final = "/api/docs"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of fault; ``told`` says when it is met and what to do."""

    name: str
    told: str


KINDS: Final = {
    400: Kind("bad-request", "The request is no request of HTTP, or names a host that is not this archive."),
    401: Kind("no-token", "No token was sent, or one that is unknown, ended or expired."),
    403: Kind("not-allowed", "The token's role does not reach so far."),
    404: Kind("not-found", "There is nothing at this address, for this token."),
    405: Kind("wrong-method", "The address does not take this method; `Allow` names those it takes."),
    406: Kind("not-acceptable", "`Accept` asks for something other than JSON."),
    413: Kind("too-large", "The body is larger than is read."),
    415: Kind("wrong-media-type", "The body is not of the media type that this address reads."),
    422: Kind("unfit", "A parameter or the body does not fit; `errors` says which and why."),
    429: Kind("too-many", "This token asks for more than is answered; `Retry-After` says when to ask again."),
    500: Kind("broken", "Something broke here, and the archive's log says what."),
    503: Kind("busy", "The archive is busy, its index is being made, or a search took too long."),
}


def address(status: int) -> str:
    """The type of a fault: the address under which it is documented."""
    kind = KINDS.get(status)
    return f"{DOCUMENTED_AT}#{kind.name}" if kind else "about:blank"


def problem(status: int, detail: str, headers: dict[str, str] | None = None, **more: Any) -> JSONResponse:
    """The answer; ``more`` are further members."""
    title = HTTPStatus(status).phrase
    told = {"type": address(status), "title": title, "status": status, "detail": detail or title}
    return JSONResponse(told | more, status, headers, media_type="application/problem+json")
