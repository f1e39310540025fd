"""Whether a program has an answer already, by the tag it was given with it (RFC 9110)."""

from starlette.requests import Request

from storage.ids import digest_of


def tag_of(body: bytes) -> str:
    """A strong tag: the same for the same bytes alone."""
    return f'"{digest_of(body)[:32]}"'


def has_already(request: Request, tag: str) -> bool | None:
    """Whether the request names that tag; None where it names none at all."""
    named = request.headers.get("if-none-match")
    if named is None:
        return None
    return any(one.strip().removeprefix("W/") in (tag, "*") for one in named.split(","))
