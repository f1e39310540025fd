"""The exports: what there is to take away, and the files; the public ones once the public view is open."""

from typing import IO, Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from archive import public
from archive.api.endpoint import query
from archive.api.files import CURSOR, NAMES, PATH, ROWS, FileQuery
from archive.export import changed
from archive.export.exporting import FORMS, TOLD, Asked, export, file_name, one_moment
from archive.export.tables import TABLES
from archive.export.tables.public import PUBLIC
from archive.guard import Guarded, person_of
from archive.public import Opening, answer, opened
from archive.searches import whose
from archive.site import site_of
from archive.telling import london_day
from storage.dates import utc_now


def exports(request: Request) -> Response:
    """Every table in every format, and the cursor of this moment."""
    site = site_of(request)
    with one_moment(site.store) as connection:
        cursor = changed.now(connection)
    return site.page(
        request, "exports.html", tables=TABLES.values(), forms=TOLD, file_name=file_name, cursor=cursor
    )


def file(request: Request) -> Response:
    """A table as a file; the texts of articles for operators only."""
    with_text = request.query_params.get("text") == "1"
    if with_text and not person_of(request).may("operator"):
        raise HTTPException(403, "Only an operator may take the articles' texts away.")
    return _file(request, whose(request), with_text=with_text)


def program_file(request: Request) -> Response:
    """The same for programs, which are told of what does not fit."""
    query(FileQuery, request)
    return file(request)


def public_exports(request: Request) -> Response:
    """The public tables in every format."""
    opened(request)
    with one_moment(site_of(request).store) as connection:
        cursor = changed.now(connection)
    files = {
        table.told: {said: file_name(name, form) for form, said in TOLD.items()}
        for name, table in PUBLIC.items()
    }
    return answer(request, public.Files(files=files, cursor=cursor))


def public_file(request: Request) -> Response:
    """A public table as a file."""
    address = request.client.host if request.client else "?"
    return _file(request, f"address {address}", opening=opened(request))


def _file(
    request: Request,
    who: str,
    *,
    with_text: bool = False,
    opening: Opening | None = None,
) -> Response:
    site, name = site_of(request), request.path_params["name"]
    what, form = NAMES.get(name, ("", ""))
    if what not in (TABLES if opening is None else PUBLIC):
        raise HTTPException(404)
    since = request.query_params.get("since") or None
    asked = Asked(what=what, form=form, since=since, with_text=with_text, opening=opening)

    def make(out: IO[bytes]) -> dict[str, str]:
        done = export(site.store, asked, out)
        dated = f"{what}-{london_day(utc_now())}{name.removeprefix(what)}"
        told = {CURSOR: done.about.cursor, ROWS: str(done.rows)}
        return told | {"Content-Disposition": f'attachment; filename="{dated}"'}

    return site.spools.answer(who, make, media_type=FORMS[form])


ROUTES: Final = (
    Guarded("/exports", exports, needs="reader"),
    Guarded("/exports/{name}", file, needs="reader"),
    Guarded(PATH, program_file, needs="reader"),
    Guarded("/public/exports", public_exports, needs="anyone"),
    Guarded("/public/exports/{name}", public_file, needs="anyone"),
)
