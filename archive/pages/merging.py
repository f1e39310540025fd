"""The operator's page on what is one: providers and stories merged and parted, each seen before."""

from collections.abc import Callable, Mapping
from typing import Any, Final

import sqlalchemy as sa
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from archive.guard import Guarded, person_of, visit_of
from archive.reading.merging import offered, story, weight
from archive.site import site_of
from storage import aliases, audit, regrouping, stories
from storage.dates import utc_now
from storage.errors import NotFound, StorageError, UsageMistake

_Form = Mapping[str, str]


def merging(request: Request) -> Response:
    """What may be one provider, and what people decided; any of it can be undone."""
    return _page(request)


def preview_providers(request: Request) -> Response:
    """What a merge of two providers would change, or a split of one could part."""
    site, asked = site_of(request), request.query_params
    with site.store.reading() as connection:
        try:
            ids = [_id_of(connection, asked.get(name, "").strip()) for name in ("kept", "other")]
        except NotFound as unknown:
            return _page(request, 404, fault=str(unknown))
        kept = weight(connection, ids[0])
        other = weight(connection, ids[1]) if ids[1] else None
    return site.page(request, "operator_merging_providers.html", kept=kept, other=other)


def preview_stories(request: Request) -> Response:
    """The copies of a story, to part some, or to see which others would become copies of it."""
    site, asked = site_of(request), request.query_params
    with site.store.reading() as connection:
        copies = story(connection, asked.get("article", "").strip())
        others = story(connection, asked["with"].strip()) if asked.get("with", "").strip() else []
    return site.page(request, "operator_merging_stories.html", copies=copies, others=others)


def change(request: Request) -> Response:
    """Merge, part or undo, as the form says; a fault is told and nothing is changed."""
    form = visit_of(request).form
    act = _ACTS.get(form.get("do", ""))
    if act is None:
        raise UsageMistake("providers and stories can be merged, parted, and that undone")
    try:
        with site_of(request).store.writing() as connection:
            act(connection, form, person_of(request).name)
    except StorageError as fault:
        return _page(request, 422, fault=str(fault))
    return RedirectResponse("/operator/merging#decided", 303)


def _page(request: Request, status: int = 200, *, fault: str | None = None) -> Response:
    site = site_of(request)
    with site.store.reading() as connection:
        shown: dict[str, Any] = {
            "pairs": site.kept.of(connection, "pairs", offered),
            "of_providers": _newest(regrouping.decisions(connection)),
            "of_stories": _newest(stories.decisions(connection)),
        }
    return site.page(request, "operator_merging.html", status, fault=fault, **shown)


def _newest(decisions: list[dict[str, Any]], most: int = 100) -> list[dict[str, Any]]:
    return [one for one in reversed(decisions) if one["decision"] != "undo"][:most]


def _id_of(connection: sa.Connection, told: str) -> str:
    """The id of a provider that is told by its id or its registered name; NotFound with the nearest names."""
    return told if not told or told.startswith("provider-") else aliases.find(connection, told)


def _merge_providers(connection: sa.Connection, form: _Form, by: str) -> None:
    kept, other = weight(connection, form.get("kept", "")), weight(connection, form.get("other", ""))
    ids = kept.provider.id, other.provider.id
    seq = regrouping.merge(connection, *ids, (by, utc_now(), _reason(form)))
    _note(connection, "merged", ("provider", ids[0]), form, by, decision=seq, other=ids[1])


def _part_provider(connection: sa.Connection, form: _Form, by: str) -> None:
    kept = weight(connection, form.get("kept", "")).provider.id
    seq = regrouping.split(connection, kept, _ticked(form, "spelling-"), (by, utc_now(), _reason(form)))
    _note(connection, "parted", ("provider", kept), form, by, decision=seq)


def _undo_provider(connection: sa.Connection, form: _Form, by: str) -> None:
    seq = _number(form)
    regrouping.undo(connection, seq, (by, utc_now(), _reason(form)))
    _note(connection, "undone", ("provider", str(seq)), form, by, decision=seq)


def _merge_stories(connection: sa.Connection, form: _Form, by: str) -> None:
    ids = [story(connection, form.get(name, ""))[0].id for name in ("article", "with")]
    seq = stories.merge(connection, ids, who=by, at=utc_now(), reason=_reason(form))
    _note(connection, "merged", ("story", ids[0]), form, by, decision=seq, other=ids[1])


def _part_story(connection: sa.Connection, form: _Form, by: str) -> None:
    ids = _ticked(form, "article-")
    if not ids:
        raise UsageMistake("tick the articles that are no copies of the rest")
    seq = stories.split(connection, ids, who=by, at=utc_now(), reason=_reason(form))
    _note(connection, "parted", ("story", ids[0]), form, by, decision=seq)


def _undo_story(connection: sa.Connection, form: _Form, by: str) -> None:
    seq = _number(form)
    stories.undo(connection, seq, who=by, at=utc_now())
    _note(connection, "undone", ("story", str(seq)), form, by, decision=seq)


def _ticked(form: _Form, beginning: str) -> list[str]:
    return [value for name, value in form.items() if name.startswith(beginning)]


def _reason(form: _Form) -> str | None:
    return " ".join(form.get("reason", "").split())[:500] or None


def _number(form: _Form) -> int:
    text = form.get("decision", "")
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise UsageMistake("that names no decision")
    return int(text)


def _note(
    connection: sa.Connection, action: str, about: tuple[str, str], form: _Form, by: str, **details: Any
) -> None:
    at, reason = utc_now(), _reason(form)
    audit.note(connection, action, *about, who=by, at=at, reason=reason, details=details)


_ACTS: Final[Mapping[str, Callable[[sa.Connection, _Form, str], None]]] = {
    "merge providers": _merge_providers,
    "part provider": _part_provider,
    "undo provider": _undo_provider,
    "merge stories": _merge_stories,
    "part story": _part_story,
    "undo story": _undo_story,
}

ROUTES: Final = (
    Guarded("/operator/merging", merging, needs="operator"),
    Guarded("/operator/merging", change, needs="operator", methods=["POST"]),
    Guarded("/operator/merging/providers", preview_providers, needs="operator"),
    Guarded("/operator/merging/stories", preview_stories, needs="operator"),
)
