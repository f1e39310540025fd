"""The operator's page of the schedule: what is due when, how it went, and a button to have it done now."""

from typing import Final

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from archive.guard import Guarded, person_of, visit_of
from archive.site import site_of
from storage import audit, jobs
from storage.dates import utc_now


def queue(request: Request) -> Response:
    """Every job: those that run, then by when they are due."""
    site, now = site_of(request), utc_now()
    with site.store.reading() as connection:
        found = jobs.listed(connection)
    lines = sorted(found, key=lambda job: not job.is_running(now))
    return site.page(request, "operator_jobs.html", lines=lines, now=now)


def hasten(request: Request) -> Response:
    """Have a job done now."""
    name, now = visit_of(request).form.get("job", ""), utc_now()
    with site_of(request).store.writing() as connection:
        jobs.hasten(connection, name, at=now)
        audit.note(connection, "made due", "job", name, who=person_of(request).name, at=now)
    return RedirectResponse("/operator/jobs", 303)


ROUTES: Final = (
    Guarded("/operator/jobs", queue, needs="operator"),
    Guarded("/operator/jobs", hasten, needs="operator", methods=["POST"]),
)
