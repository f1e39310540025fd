"""The API, version 1: JSON for programs that hold a token. Faults are problem+json."""

import dataclasses
import datetime as dt
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from archive import asking
from archive.guard import Guarded
from archive.reading.articles import ArticlePage, Choice, EvidenceLine, Mention, article_page
from archive.reading.settings import SettingPage, setting_page
from archive.searches import whose
from archive.site import site_of
from storage.masking import extract
from storage.search.hits import Hit, Piece


def search(request: Request) -> Response:
    """``?q=`` and the facets' names: hits with snippets, counts by facet, notes on repairs."""
    asked = asking.read_search(request.query_params)
    found = site_of(request).searches.run(whose(request), lambda index: index.search(asked))
    return JSONResponse(
        {
            "query": asked.query,
            "total": found.total,
            "page": found.page,
            "pages": found.pages,
            "sort": found.sort,
            "notes": list(found.notes),
            "suggestion": dataclasses.asdict(found.suggestion) if found.suggestion else None,
            "hits": [_hit(hit) for hit in found.hits],
            "facets": {
                name: [{"value": value, "count": count} for value, count in values]
                for name, values in found.facets.items()
            },
        }
    )


def article(request: Request) -> Response:
    """An article with its text, its links and their evidence."""
    with site_of(request).store.reading() as connection:
        return JSONResponse(told_of_article(article_page(connection, request.path_params["id"])))


def setting(request: Request) -> Response:
    """A setting by URN, with its inspections and coverage."""
    with site_of(request).store.reading() as connection:
        return JSONResponse(_setting(setting_page(connection, request.path_params["id"])))


def _hit(hit: Hit) -> dict[str, Any]:
    return {
        "id": hit.id,
        "kind": hit.kind,
        "title": _whole(hit.title),
        "snippet": _whole(hit.snippet),
        "highlights": [piece.text for piece in hit.snippet if piece.marked],
        "published": hit.published,
        "outlet": hit.outlet,
        "link": hit.link,
        "urns": list(hit.urns),
        "local_authorities": list(hit.authorities),
        "providers": list(hit.providers),
        "judgements": list(hit.judgements),
        "story": hit.story,
        "url": f"/{hit.kind}s/{hit.id}",
    }


def told_of_article(shown: ArticlePage) -> dict[str, Any]:
    """An article with its text, links and evidence, as JSON takes it; the text where its terms allow it."""
    row, version = shown.article, shown.version
    return {
        "id": row.id,
        "url": row.url,
        "external_id": row.external_id,
        "outlet": row.outlet,
        "published": version.published,
        "title": version.title,
        "byline": version.byline,
        "text": version.text if shown.readable else None,
        "version": version.number,
        "versions": [
            {"number": one.number, "learned_at": _time(one.learned_at), "digest": one.digest}
            for one in shown.versions
        ],
        "linked_version": shown.linked_version,
        "mentions": [_mention(mention, readable=shown.readable) for mention in shown.mentions],
    }


def _mention(mention: Mention, *, readable: bool) -> dict[str, Any]:
    return {
        "mention": mention.decision.link.mention,
        "decision": _choice(mention.decision),
        "evidence": [_evidence(line, readable=readable) for line in mention.evidence],
        "candidates": [_choice(candidate) for candidate in mention.candidates],
    }


def _evidence(line: EvidenceLine, *, readable: bool) -> dict[str, Any]:
    known = dataclasses.asdict(line)
    if not readable:
        known |= {"text": extract(line.text), "value": extract(line.value or "") or None}
    return {
        name: known[name] for name in ("clue", "field", "text", "start", "end", "value", "told", "weight")
    }


def _choice(choice: Choice) -> dict[str, Any]:
    link, seen, home = choice.link, choice.inspection, choice.setting
    return {
        "status": link.status,
        "answer": link.answer,
        "level": link.level,
        "rank": link.rank,
        "probability": link.probability,
        "confirmed": link.confirmed,
        "decided_by": link.decided_by,
        "decided_at": _time(link.decided_at),
        "regulator": home.regulator if home else None,
        "urn": home.urn if home else None,
        "setting_kind": home.kind if home else None,
        "local_authority": home.local_authority if home else None,
        "provider": choice.provider.name if choice.provider else None,
        "inspection_date": _day(seen.first_day) if seen else None,
        "overall": seen.overall if seen else None,
    }


def _setting(shown: SettingPage) -> dict[str, Any]:
    row = shown.setting
    plain = (
        "regulator",
        "urn",
        "kind",
        "local_authority",
        "region",
        "constituency",
        "places",
        "sector",
        "status",
    )
    return {
        **{name: getattr(row, name) for name in plain},
        "id": row.id,
        "name": None if row.name_withheld else row.name,
        "registered": _day(row.registered),
        "closed": _day(row.closed),
        "provider": shown.provider.name if shown.provider else None,
        "owners": [
            {"provider": owner.name, "from": _day(owner.first_day), "until": _day(owner.last_day)}
            for owner in shown.owners
        ],
        "inspections": [
            {**_dated(dataclasses.asdict(line)), "setting_id": line.setting_id} for line in shown.inspections
        ],
        "coverage": [_dated(dataclasses.asdict(line)) for line in shown.coverage],
    }


def _dated(values: dict[str, Any]) -> dict[str, Any]:
    return {name: _day(value) if isinstance(value, dt.date) else value for name, value in values.items()}


def _whole(pieces: tuple[Piece, ...]) -> str:
    return "".join(piece.text for piece in pieces)


def _day(value: dt.date | None) -> str | None:
    return value.isoformat() if value else None


def _time(value: dt.datetime | None) -> str | None:
    return value.isoformat() if value else None


ROUTES: Final = (
    Guarded("/api/v1/search", search, needs="reader", name="api-search"),
    Guarded("/api/v1/articles/{id}", article, needs="reader", name="api-article"),
    Guarded("/api/v1/settings/{id}", setting, needs="reader", name="api-setting"),
)
