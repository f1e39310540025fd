"""Notes to colleagues: left on an item's own page, searched on a page of their own."""

from typing import Final
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from archive.guard import Guarded, person_of, user_of, visit_of
from archive.pages.operating import moment_of
from archive.reading.named import named
from archive.site import site_of
from storage import audit, notes
from storage.dates import utc_now
from storage.notes import Note

_A_PAGE: Final = 50


def listed(request: Request) -> Response:
    """Every note that holds the words asked for."""
    site, words = site_of(request), request.query_params.get("q", "")[:200]
    with site.store.reading() as connection:
        before = moment_of(request, "before")
        found = notes.find(connection, words, before=before, limit=_A_PAGE + 1)
        titles = named(connection, [(one.what, one.about) for one in found])
    more = found[_A_PAGE - 1].at.isoformat() if len(found) > _A_PAGE else None
    return site.page(
        request, "notes_found.html", found=found[:_A_PAGE], titles=titles, words=words, more=more
    )


def add(request: Request) -> Response:
    """Leave a note, and go back to the item."""
    form = visit_of(request).form
    what, about = notes.as_noted(form.get("what", "")), form.get("about", "")
    with site_of(request).store.writing() as connection:
        notes.add(connection, user_of(request), what, about, form.get("text", ""), at=utc_now())
    return RedirectResponse(f"/{what}s/{quote(about, safe='')}#notes", 303)


def end(request: Request) -> Response:
    """Take a note off; that an operator took off another's is on the audit log."""
    visit, now = visit_of(request), utc_now()
    user, person = user_of(request), person_of(request)
    with site_of(request).store.writing() as connection:
        note_id = visit.form.get("id", "")
        ended = notes.end(connection, note_id, user_id=user, is_operator=person.may("operator"), at=now)
        if ended.user_id != user:
            told = {"written_by": ended.who, "on": ended.about}
            audit.note(connection, "note ended", "note", ended.id, who=person.name, at=now, details=told)
    return RedirectResponse(_back(ended, to_list=visit.form.get("from") == "list"), 303)


def _back(ended: Note, *, to_list: bool) -> str:
    return "/notes" if to_list else f"/{ended.what}s/{quote(ended.about, safe='')}#notes"


ROUTES: Final = (
    Guarded("/notes", listed, needs="reader"),
    Guarded("/notes", add, needs="reader", methods=["POST"]),
    Guarded("/notes/end", end, needs="reader", methods=["POST"]),
)
