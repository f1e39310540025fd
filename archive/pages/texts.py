"""The page on which a person pastes a text and sees the record behind it. Nothing of it is stored."""

from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from archive import texts
from archive.errors import TookTooLong, TooMuchAtOnce, Unfit
from archive.guard import Guarded, visit_of
from archive.reading.texts import TextPage
from archive.site import site_of


def ask(request: Request) -> Response:
    """The form."""
    return _page(request, {}, None)


def answer(request: Request) -> Response:
    """The text with its clues marked, and the record it would be linked to."""
    form = {name: visit_of(request).form.get(name, "") for name in ("title", "published", "text")}
    form["text"] = form["text"].replace("\r\n", "\n")
    if not form["text"].strip():
        return _page(request, form, None, fault="Paste the text of a story.", status=422)
    if len(form["text"]) > texts.LONGEST or len(form["title"]) > texts.LONGEST_TITLE:
        return _page(request, form, None, fault=f"At most {texts.LONGEST:,} characters are read.", status=422)
    try:
        shown = texts.linked(
            request, form["text"], title=form["title"].strip(), published=form["published"].strip()
        )
    except (Unfit, TookTooLong, TooMuchAtOnce) as fault:
        status = 422 if isinstance(fault, Unfit) else 503
        return _page(request, form, None, fault=f"{str(fault)[:1].upper()}{str(fault)[1:]}.", status=status)
    return _page(request, form, shown)


def _page(
    request: Request,
    form: dict[str, str],
    shown: TextPage | None,
    *,
    fault: str | None = None,
    status: int = 200,
) -> Response:
    return site_of(request).page(request, "text.html", status, form=form, shown=shown, fault=fault)


ROUTES: Final = (
    Guarded("/link", ask, needs="reader"),
    Guarded("/link", answer, needs="reader", methods=["POST"]),
)
