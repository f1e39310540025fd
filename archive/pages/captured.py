"""The bytes as they were fetched: verified on request, given out to keep, sealed ones only with a reason.

Nothing fetched elsewhere is ever shown as a page of ours: a download, of no type that a browser runs.
"""

from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from archive.guard import Guarded, visit_of
from archive.reading import captured
from archive.site import site_of
from storage import audit
from storage.dates import utc_now
from storage.evidence import DamagedEvidence, EvidenceFolder

_LONGEST_REASON: Final = 1_000


def attachment(content: bytes, name: str) -> Response:
    """Bytes to be kept, never rendered; ``name`` must be plain ASCII without quotes."""
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(content, media_type="application/octet-stream", headers=headers)


def check(request: Request) -> Response:
    """Read the record again and compare it with the index, to the bit."""
    site = site_of(request)
    with site.store.reading() as connection:
        found = captured.unsealed(connection, request.path_params["id"])
        shown = captured.checked(connection, EvidenceFolder(site.store.place.evidence), found)
    return site.page(request, "check.html", shown=shown, at=utc_now())


def fetched(request: Request) -> Response:
    """The document as a download; what is sealed is not there."""
    site = site_of(request)
    with site.store.reading() as connection:
        found = captured.unsealed(connection, request.path_params["id"])
        if found.shown_to == "nobody":
            raise HTTPException(403, "The terms of its source let nobody be shown this document.")
        folder = EvidenceFolder(site.store.place.evidence)
        try:
            content = captured.content(connection, folder, found.capture)
        except DamagedEvidence:
            raise HTTPException(409, "It failed verification, so it is not given out.") from None
    return attachment(content, _name(found))


def sealed(request: Request) -> Response:
    """What an order holds back: an operator is asked why they must look."""
    site = site_of(request)
    with site.store.reading() as connection:
        found = captured.held(connection, request.path_params["id"])
    return site.page(request, "sealed.html", shown=found)


def open_sealed(request: Request) -> Response:
    """The sealed document as a download, with a row in the audit log, or neither."""
    site, visit = site_of(request), visit_of(request)
    reason = " ".join(visit.form.get("reason", "").split())
    if not reason or len(reason) > _LONGEST_REASON:
        raise HTTPException(403, "Say in a sentence why you must look at what is sealed.")
    assert visit.person is not None
    with site.store.writing() as connection:
        found = captured.held(connection, request.path_params["id"])
        folder = EvidenceFolder(site.store.place.evidence)
        try:
            content = captured.content(connection, folder, found.capture)
        except DamagedEvidence:
            raise HTTPException(409, "It failed verification, so it is not given out.") from None
        audit.note(
            connection,
            "sealed read",
            found.what,
            found.about,
            who=visit.person.name,
            at=utc_now(),
            reason=reason,
            details={"capture": found.capture.id, "digest": found.capture.digest},
        )
    return attachment(content, _name(found))


def _name(found: captured.Held) -> str:
    return f"{found.capture.id}.{captured.extension(found.capture.content_type)}"


ROUTES: Final = (
    Guarded("/captures/{id}/check", check, needs="reader"),
    Guarded("/captures/{id}/bytes", fetched, needs="reader"),
    Guarded("/captures/{id}/sealed", sealed, needs="operator"),
    Guarded("/captures/{id}/sealed", open_sealed, needs="operator", methods=("POST",)),
)
