"""The operator's pages on the machinery: sources, runs, failures, storage and versions."""

import datetime as dt
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from archive.guard import Guarded, person_of, visit_of
from archive.reading import footprint
from archive.reading.sources import run_lines, source_lines
from archive.site import site_of
from storage import audit, failures, sources
from storage.dates import utc_now
from storage.errors import UsageMistake

_A_PAGE: Final = 50


def operator(request: Request) -> Response:
    """Whether everything runs: sources, storage, versions."""
    site, now = site_of(request), utc_now()
    with site.store.reading() as connection:
        return site.page(
            request,
            "operator.html",
            lines=source_lines(connection, at=now),
            failed=failures.count(connection),
            footprint=footprint.footprint(connection, site.store.place),
            versions=footprint.versions(connection),
            model=footprint.model(connection),
            now=now,
        )


def change_source(request: Request) -> Response:
    """Have a source crawled at once, or switch it off or on."""
    form, now = visit_of(request).form, utc_now()
    name, do = form.get("source", ""), form.get("do", "")
    with site_of(request).store.writing() as connection:
        if do == "crawl":
            sources.make_due(connection, name, at=now)
        elif do in ("on", "off"):
            sources.switch(connection, name, on=do == "on")
        else:
            raise UsageMistake("a source can be crawled, or switched on or off")
        done = {"crawl": "made due", "on": "switched on", "off": "switched off"}[do]
        audit.note(connection, done, "source", name, who=person_of(request).name, at=now)
    return RedirectResponse("/operator#sources", 303)


def runs(request: Request) -> Response:
    """Every run with its counts."""
    site, source = site_of(request), request.query_params.get("source") or None
    with site.store.reading() as connection:
        lines = run_lines(connection, source=source, before=moment_of(request, "before"), limit=_A_PAGE + 1)
    more = lines[_A_PAGE - 1].started.isoformat() if len(lines) > _A_PAGE else None
    return site.page(request, "operator_runs.html", lines=lines[:_A_PAGE], source=source, more=more)


def failed(request: Request) -> Response:
    """What crawls could not read and nobody has settled."""
    site, source = site_of(request), request.query_params.get("source") or None
    with site.store.reading() as connection:
        before = moment_of(request, "before")
        held = failures.standing(connection, source=source, before=before, limit=_A_PAGE + 1)
    more = held[_A_PAGE - 1].at.isoformat() if len(held) > _A_PAGE else None
    return site.page(request, "operator_failures.html", lines=held[:_A_PAGE], source=source, more=more)


def settle(request: Request) -> Response:
    """Have an address fetched again, or take the failure off the list."""
    form, now = visit_of(request).form, utc_now()
    again = form.get("do") == "retry"
    act = failures.retry if again else failures.settle
    with site_of(request).store.writing() as connection:
        one = act(connection, form.get("id", ""), at=now)
        done = "retried" if again else "set aside"
        told = {"outcome": one.outcome}  # no address: the log is never changed, whatever is taken down
        audit.note(connection, done, "failure", one.id, who=person_of(request).name, at=now, details=told)
    return RedirectResponse("/operator/failures", 303)


def moment_of(request: Request, name: str) -> dt.datetime | None:
    """A moment that the address carries; 404 for one that is none."""
    text = request.query_params.get(name)
    if not text:
        return None
    try:
        found = dt.datetime.fromisoformat(text)
    except ValueError:
        raise HTTPException(404, "There is no such page.") from None
    return found if found.tzinfo else found.replace(tzinfo=dt.UTC)


ROUTES: Final = (
    Guarded("/operator", operator, needs="operator"),
    Guarded("/operator/sources", change_source, needs="operator", methods=["POST"]),
    Guarded("/operator/runs", runs, needs="operator"),
    Guarded("/operator/failures", failed, needs="operator"),
    Guarded("/operator/failures", settle, needs="operator", methods=["POST"]),
)
