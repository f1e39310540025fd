"""The audit log as the operator reads it, and whether its chain holds."""

from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from archive.guard import Guarded
from archive.reading.auditing import Wanted, choices, log_lines
from archive.site import site_of
from storage import audit

_A_PAGE: Final = 100


def log(request: Request) -> Response:
    """Entries by who, what was done and to what; ``?verify=1`` follows the chains from their first rows."""
    site, asked = site_of(request), request.query_params
    before = asked.get("before", "")
    wanted = Wanted(
        who=asked.get("who", ""),
        action=asked.get("action", ""),
        about=asked.get("about", "").strip(),
        before=int(before) if before.isascii() and before.isdecimal() and len(before) < 16 else None,
    )
    with site.store.reading() as connection:
        lines = log_lines(connection, wanted, limit=_A_PAGE + 1)
        people, actions = choices(connection)
        verdicts = audit.verify(connection) if asked.get("verify") else None
    return site.page(
        request,
        "operator_audit.html",
        lines=lines[:_A_PAGE],
        more=lines[_A_PAGE - 1].seq if len(lines) > _A_PAGE else None,
        wanted=wanted,
        people=people,
        actions=actions,
        verdicts=verdicts,
    )


ROUTES: Final = (Guarded("/operator/audit", log, needs="operator"),)
