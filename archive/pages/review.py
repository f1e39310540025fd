"""Review: people decide the doubtful links, the ones first whose decision would change most."""

from typing import Any, Final
from urllib.parse import quote, urlencode

import sqlalchemy as sa
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from archive import deciding
from archive.guard import Guarded, person_of, visit_of
from archive.reading import agreement, review
from archive.reading.queue import Asked, Queue
from archive.reading.review import ReviewItem
from archive.site import Site, site_of
from archive.telling import LONDON
from storage import judgements
from storage.dates import utc_now
from storage.judgements import Judgement

_LISTED: Final = 25
_LONGEST_REASON: Final = 1_000
_FILTERS: Final = ("authority", "outlet", "provider", "answer")


def overview(request: Request) -> Response:
    """How much waits, the first of it, and what it can be narrowed by."""
    site, person = site_of(request), person_of(request).name
    today = utc_now().astimezone(LONDON).replace(hour=0, minute=0, second=0, microsecond=0)
    with site.store.reading() as connection:
        waiting = _queue(request, connection)
        listed = waiting.items[:_LISTED]
        return site.page(
            request,
            "review.html",
            waiting=waiting,
            listed=listed,
            titles=review.titles(connection, listed),
            progress=agreement.progress(connection, person, today),
            asked=_asked(request),
            path=_path,
            query=_query(request),
            last=_last(request, connection),
            share=site.queues.share,
        )


def one(request: Request) -> Response:
    """One mention: the text and its candidates side by side."""
    with site_of(request).store.reading() as connection:
        return _page(request, connection, _item(request, connection))


def of_article(request: Request) -> Response:
    """From an article's page, where the answer stands: its first mention, with nothing hidden."""
    with site_of(request).store.reading() as connection:
        article, mention = review.lead_of(connection, request.path_params["id"])
    return RedirectResponse(f"{_path(article, mention)}?seen=1", 303)


def decide(request: Request) -> Response:
    """Keep the decision and go on with the next; where the item has changed meanwhile it is shown again."""
    site, form = site_of(request), visit_of(request).form
    decision, level, record = deciding.chosen(form.get("decision", ""))
    with site.store.writing() as connection:
        item = _item(request, connection)
        if form.get("seen") != item.seen:
            return _page(request, connection, item, status=409)
        said = Judgement(
            article_id=item.due.article_id,
            mention=item.due.mention,
            decision=decision,
            level=level,
            record=record,
            reason=_reason(form),
            who=item.person,
            at=utc_now(),
            version=item.due.version,
            shown=item.shown("page"),
            reading=item.reading,
        )
        seq = judgements.judge(connection, said)
    with site.store.reading() as connection:
        following = _queue(request, connection).after(item.due.order)
    target = _path(following.article_id, following.mention) if following else "/review"
    return RedirectResponse(target + _query(request, done=str(seq)), 303)


def undo(request: Request) -> Response:
    """Take a judgement back, one's own or as an operator anybody's, and show the item again."""
    site, form = site_of(request), visit_of(request).form
    reading = 2 if form.get("reading") == "2" else 1
    with site.store.writing() as connection:
        item = _item(request, connection)
        theirs = next((one for one in item.standing if one.row.reading == reading), None)
        if theirs is None:
            raise HTTPException(409, "There is no judgement here any more that could be taken back.")
        if theirs.row.who != item.person and not person_of(request).may("operator"):
            raise HTTPException(403, "Only an operator may take back what somebody else decided.")
        place = (item.due.article_id, item.due.mention)
        judgements.undo(
            connection, place, who=item.person, at=utc_now(), reading=reading, reason=_reason(form)
        )
    return RedirectResponse(_path(*place) + _query(request, undone="1"), 303)


def disagreements(request: Request) -> Response:
    """Where two readers differ, and how far they agree."""
    with site_of(request).store.reading() as connection:
        figures = agreement.agreement(connection)
    return site_of(request).page(request, "review_disagreements.html", figures=figures, path=_path)


def _page(request: Request, connection: sa.Connection, item: ReviewItem, status: int = 200) -> Response:
    waiting = _queue(request, connection)
    before, after = waiting.beside(item.due.order)
    return site_of(request).page(
        request,
        "review_item.html",
        status,
        item=item,
        waiting=waiting,
        before=before,
        after=after,
        path=_path,
        query=_query(request),
        stay=_query(request, **({"seen": "1"} if "seen" in request.query_params else {})),
        last=_last(request, connection),
        undone="undone" in request.query_params,
        changed=status == 409,
        plain=deciding.PLAIN if item.blind else (*deciding.PLAIN, deciding.REJECTED),
        reaches=deciding.REACHES,
        may_undo=person_of(request).may("operator"),
    )


def _item(request: Request, connection: sa.Connection) -> ReviewItem:
    mention = request.path_params["mention"]
    if not (mention.isascii() and mention.isdecimal() and len(mention) < 7):
        raise HTTPException(404)
    place, site = (request.path_params["id"], int(mention)), site_of(request)
    seen = "seen" in request.query_params
    return review.review_item(connection, place, person_of(request).name, site.queues.share, seen=seen)


def _queue(request: Request, connection: sa.Connection) -> Queue:
    site: Site = site_of(request)
    return site.queues.of(connection, person_of(request).name, _asked(request))


def _last(request: Request, connection: sa.Connection) -> Any:
    """The judgement that was just made, with what the linker says of the mention."""
    done = request.query_params.get("done", "")
    if not (done.isascii() and done.isdecimal() and len(done) < 16):
        return None
    return review.judgement(connection, int(done), person_of(request).name)


def _asked(request: Request) -> Asked:
    return Asked(**{name: request.query_params.get(name) or None for name in _FILTERS})


def _path(article_id: str, mention: int) -> str:
    return f"/review/{quote(article_id, safe='')}/{mention}"


def _query(request: Request, **more: str) -> str:
    kept = {name: value for name in _FILTERS if (value := request.query_params.get(name))}
    return f"?{urlencode(kept | more)}" if kept or more else ""


def _reason(form: dict[str, str]) -> str | None:
    return form.get("reason", "").strip()[:_LONGEST_REASON] or None


ROUTES: Final = (
    Guarded("/review", overview, needs="reviewer"),
    Guarded("/review/disagreements", disagreements, needs="operator"),
    Guarded("/review/article/{id}", of_article, needs="reviewer"),
    Guarded("/review/{id}/{mention}", one, needs="reviewer"),
    Guarded("/review/{id}/{mention}", decide, needs="reviewer", methods=["POST"]),
    Guarded("/review/{id}/{mention}/undo", undo, needs="reviewer", methods=["POST"]),
)
