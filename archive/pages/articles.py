"""The article's page, its versions held against each other, its evidence sheet and its evidence pack."""

from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from archive import packs
from archive.guard import Guarded, person_of
from archive.pages.captured import attachment
from archive.reading.articles import article_page
from archive.reading.sheets import sheet as sheet_of
from archive.reading.versions import copies_compared, versions_compared
from archive.site import site_of
from storage.dates import utc_now
from storage.evidence import DamagedEvidence, EvidenceFolder


def article(request: Request) -> Response:
    """The article with its clues marked, and the record it is linked to; or what changed between versions."""
    site = site_of(request)
    version, against = _number(request, "version"), _number(request, "against")
    with site.store.reading() as connection:
        if version is not None and against is not None:
            shown = versions_compared(connection, request.path_params["id"], version, against)
            return site.page(request, "diff.html", shown=shown)
        page = article_page(connection, request.path_params["id"], version)
    return site.page(request, "article.html", shown=page)


def beside(request: Request) -> Response:
    """Two copies of one story, held against each other."""
    site = site_of(request)
    with site.store.reading() as connection:
        shown = copies_compared(connection, request.path_params["id"], request.path_params["other"])
    return site.page(request, "diff.html", shown=shown)


def sheet(request: Request) -> Response:
    """One page to print: everything that holds up one link."""
    site = site_of(request)
    with site.store.reading() as connection:
        shown = sheet_of(connection, request.path_params["id"], _number(request, "mention") or 0)
    return site.page(request, "sheet.html", shown=shown, printed=utc_now())


def pack(request: Request) -> Response:
    """The evidence pack as a ZIP; the audit log notes who took it before it leaves."""
    site, at = site_of(request), utc_now()
    with site.store.reading() as connection:
        folder = EvidenceFolder.of(site.store.place)
        try:
            made = packs.pack(connection, folder, packs.dress(site), request.path_params["id"], at=at)
        except DamagedEvidence:
            raise HTTPException(409, "A record of it failed verification, so no pack is made.") from None
    with site.store.writing() as connection:
        packs.note(connection, made, who=person_of(request).name, at=at)
    return attachment(packs.zipped(made, at), f"evidence-{made.article_id}.zip")


def _number(request: Request, name: str) -> int | None:
    given = request.query_params.get(name, "")
    if given and not (given.isascii() and given.isdecimal() and len(given) < 7):
        raise HTTPException(404, f"There is no such {'version' if name == 'against' else name}.")
    return int(given) if given else None


ROUTES: Final = (
    Guarded("/articles/{id}", article, needs="reader"),
    Guarded("/articles/{id}/beside/{other}", beside, needs="reader"),
    Guarded("/articles/{id}/sheet", sheet, needs="reader"),
    Guarded("/articles/{id}/pack.zip", pack, needs="reviewer", methods=("POST",)),
)
