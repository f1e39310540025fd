"""The bytes as they were fetched: verified on request, given out to keep, sealed ones only with a reason.

Nothing fetched elsewhere is ever shown as a page of ours: a download, of no type that a browser runs.
"""

from collections.abc import Mapping
from typing import Final
from urllib.parse import quote

import sqlalchemy as sa
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from archive.guard import Guarded, person_of, visit_of
from archive.reading import captured
from archive.reading.articles import article_page
from archive.site import Site, site_of
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
        shown = captured.checked(connection, EvidenceFolder.of(site.store.place), found)
    return site.page(request, "check.html", shown=shown, at=utc_now())


def fetched(request: Request) -> Response:
    """The document as a download; what is sealed is not there."""
    site = site_of(request)
    with site.store.reading() as connection:
        found = captured.unsealed(connection, request.path_params["id"])
        if found.shown_to == "nobody":
            raise HTTPException(403, "The terms of its source let nobody be shown this document.")
        content = _content(connection, site, found)
    return attachment(content, _name(found))


def sealed(request: Request) -> Response:
    """A document that an order holds back: an operator is asked why they must look."""
    site = site_of(request)
    with site.store.reading() as connection:
        found = captured.held(connection, request.path_params["id"])
    plainly = f"/captures/{quote(found.capture.id, safe='')}/bytes"
    return site.page(
        request, "sealed.html", what=found.what, about=found.about, sealed=found.sealed, plainly=plainly
    )


def open_sealed(request: Request) -> Response:
    """The sealed document as a download, with a row in the audit log, or neither."""
    site, reason = site_of(request), _reason(request)
    with site.store.writing() as connection:
        found = captured.held(connection, request.path_params["id"])
        content = _content(connection, site, found)
        seen = {"capture": found.capture.id, "digest": found.capture.digest}
        _note(connection, request, (found.what, found.about), reason, seen)
    return attachment(content, _name(found))


def sealed_article(request: Request) -> Response:
    """An article that an order holds back: an operator is asked why they must look."""
    site = site_of(request)
    with site.store.reading() as connection:
        row = article_page(connection, request.path_params["id"], sealed=True).article
    plainly = f"/articles/{quote(row.id, safe='')}"
    return site.page(
        request, "sealed.html", what="article", about=row.id, sealed=bool(row.restriction), plainly=plainly
    )


def open_sealed_article(request: Request) -> Response:
    """The sealed article as its page showed it, with a row in the audit log, or neither."""
    site, reason = site_of(request), _reason(request)
    with site.store.writing() as connection:
        shown = article_page(connection, request.path_params["id"], sealed=True)
        seen = {"version": shown.version.number, "digest": shown.version.digest}
        _note(connection, request, ("article", shown.article.id), reason, seen)
    return site.page(request, "article.html", shown=shown)


def _reason(request: Request) -> str:
    reason = " ".join(visit_of(request).form.get("reason", "").split())
    if not reason or len(reason) > _LONGEST_REASON:
        raise HTTPException(403, "Say in a sentence why you must look at what is sealed.")
    return reason


def _note(
    connection: sa.Connection, request: Request, of: tuple[str, str], reason: str, seen: Mapping[str, object]
) -> None:
    who = person_of(request).name
    audit.note(connection, "sealed read", *of, who=who, at=utc_now(), reason=reason, details=seen)


def _content(connection: sa.Connection, site: Site, found: captured.Held) -> bytes:
    try:
        return captured.content(connection, EvidenceFolder.of(site.store.place), found.capture)
    except DamagedEvidence:
        raise HTTPException(409, "It failed verification, so it is not given out.") from None


def _name(found: captured.Held) -> str:
    return f"{found.capture.id}.{captured.extension(found.capture.content_type)}"


ROUTES: Final = (
    Guarded("/captures/{id}/check", check, needs="reader"),
    Guarded("/captures/{id}/bytes", fetched, needs="reader"),
    Guarded("/captures/{id}/sealed", sealed, needs="operator"),
    Guarded("/captures/{id}/sealed", open_sealed, needs="operator", methods=("POST",)),
    Guarded("/articles/{id}/sealed", sealed_article, needs="operator"),
    Guarded("/articles/{id}/sealed", open_sealed_article, needs="operator", methods=("POST",)),
)
