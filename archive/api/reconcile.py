"""Reconciliation Service API 0.2, as OpenRefine speaks it: whom a column of names or numbers means.

OpenRefine can send no header, so each address is there twice: with the token in its path, and without.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

import pydantic
from pydantic import RootModel
from starlette.requests import Request

from archive.api.endpoint import Endpoint
from archive.api.reconciled_questions import (
    BATCHES,
    EXTENSIONS,
    Asked,
    AskedByForm,
    Extend,
    ProposeQuery,
    Query,
    SuggestQuery,
)
from archive.api.reconciled_shapes import (
    Extension,
    Manifest,
    Properties,
    Property,
    Results,
    Suggested,
    TypeTold,
)
from archive.errors import Unfit
from archive.reading import reconciled
from archive.reading.reconciled import Entity
from archive.site import base_of, site_of

TYPES: Final[dict[str, str]] = {"provider": "Registered provider", "setting": "Registered setting"}
PROPERTIES: Final[dict[str, dict[str, str]]] = {
    "provider": {
        "name": "Registered name",
        "company_number": "Company number",
        "group": "Group",
        "sector": "Sector",
        "settings": "Number of settings",
    },
    "setting": {
        "urn": "URN",
        "regulator": "Regulator",
        "name": "Name, where it is not withheld",
        "kind": "Kind",
        "local_authority": "Local authority",
        "authority_code": "ONS code of the authority",
        "region": "Region",
        "provider": "Provider",
        "status": "Status",
        "places": "Places",
        "registered": "Registered on",
        "closed": "Closed on",
        "judgement": "Latest overall judgement",
        "judged": "Day of the latest judgement",
    },
}
_ALL: Final = PROPERTIES["setting"] | PROPERTIES["provider"]


class Answer(RootModel[Manifest | Extension | Results]):
    """The manifest, or the answer to what was asked."""


def ask(request: Request, asked: Asked) -> Answer:
    """The manifest; or the answers to `queries`, or to `extend`."""
    if asked.queries is None and asked.extend is None:
        return Answer(_manifest(request))
    return _answer(request, asked)


def ask_by_form(request: Request, asked: AskedByForm) -> Answer:
    """The answers to `queries`, or to `extend`."""
    if asked.queries is None and asked.extend is None:
        raise _unfit("queries", "send `queries` or `extend`")
    return _answer(request, asked)


def suggest_entity(request: Request, asked: SuggestQuery) -> dict[str, Any]:
    """Providers and settings whose name begins so; a withheld one by its URN alone."""
    with site_of(request).store.reading() as connection:
        found = reconciled.suggestions(connection, asked.prefix)
    told = [_entity(one) | {"notable": [_type(one.type)]} for one in found]
    return {"result": told[asked.cursor :]}


def suggest_type(request: Request, asked: SuggestQuery) -> dict[str, Any]:
    """Types whose name begins so."""
    return {"result": _begun(TYPES, asked)}


def suggest_property(request: Request, asked: SuggestQuery) -> dict[str, Any]:
    """Properties whose name begins so."""
    return {"result": _begun(_ALL, asked)}


def propose(request: Request, asked: ProposeQuery) -> dict[str, Any]:
    """Properties that can be fetched of a type."""
    known = PROPERTIES.get(asked.type, _ALL)
    listed = [{"id": id_, "name": name} for id_, name in known.items()]
    return {"type": asked.type, "limit": asked.limit, "properties": listed[: asked.limit]}


def _answer(request: Request, asked: Asked | AskedByForm) -> Answer:
    site = site_of(request)
    if asked.queries is not None:
        batch: dict[str, Query] = _read(BATCHES, asked.queries, "queries")
        with site.store.reading() as connection:
            found = {
                key: reconciled.candidates(connection, site.kept, _sought(query))
                for key, query in batch.items()
            }
        results = {key: {"result": [_candidate(one) for one in held]} for key, held in found.items()}
        return Answer(Results.model_validate(results))
    extend: Extend = _read(EXTENSIONS, asked.extend or "", "extend")
    names = [one.id for one in extend.properties]
    if unknown := next((name for name in names if name not in _ALL), None):
        raise _unfit("extend", f"there is no property {unknown[:60]!r}; choose {', '.join(_ALL)}")
    with site.store.reading() as connection:
        facts = {one.id: one.facts for one in reconciled.entities(connection, extend.ids)}
    meta = [_meta(name) for name in dict.fromkeys(names)]
    rows = {id_: {name: _cells(facts.get(id_, {}), name) for name in names} for id_ in extend.ids}
    return Answer(Extension.model_validate({"meta": meta, "rows": rows}))


def _sought(query: Query) -> reconciled.Asked:
    given = [query.type] if isinstance(query.type, str) else query.type or list(TYPES)
    having: dict[str, tuple[str, ...]] = {}
    for one in query.properties:
        if one.pid in _ALL:
            having[one.pid] = tuple(_values(one.v))
    return reconciled.Asked(
        query=query.query or "",
        types=tuple(name for name in ("provider", "setting") if name in given),
        limit=int(min(query.limit, 50)),
        having=having,
    )


def _values(given: Any) -> Iterable[str]:
    for one in given if isinstance(given, list) else [given]:
        value = one.get("name", one.get("id", "")) if isinstance(one, dict) else one
        yield str(value).replace("\0", "")


def _candidate(one: reconciled.Candidate) -> dict[str, Any]:
    return _entity(one.entity) | {
        "type": [_type(one.entity.type)],
        "score": round(100 * one.score, 2),
        "match": one.match,
        "features": [{"id": "name", "value": round(one.score, 4)}],
    }


def _entity(one: Entity) -> dict[str, Any]:
    return {"id": one.id, "name": one.name, "description": one.description}


def _type(name: str) -> TypeTold:
    return TypeTold(id=name, name=TYPES[name])


def _begun(known: Mapping[str, str], asked: SuggestQuery) -> list[dict[str, str]]:
    begun = asked.prefix.strip().casefold()
    found = [
        {"id": id_, "name": name}
        for id_, name in known.items()
        if id_.startswith(begun) or name.casefold().startswith(begun)
    ]
    return found[asked.cursor :]


def _meta(name: str) -> Property:
    return Property(id=name, name=_ALL[name], type=_type("provider") if name == "provider" else None)


def _cells(facts: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    value = facts.get(name)
    if value is None:
        return []
    if isinstance(value, tuple):
        return [{"id": value[0], "name": value[1]}]
    if isinstance(value, int):
        return [{"int": value}]
    if hasattr(value, "isoformat"):
        return [{"date": f"{value.isoformat()}T00:00:00"}]
    return [{"str": str(value)}]


def _read(adapter: pydantic.TypeAdapter[Any], text: str, name: str) -> Any:
    try:
        return adapter.validate_json(text)
    except pydantic.ValidationError as mistake:
        one = mistake.errors(include_url=False, include_context=False, include_input=False)[0]
        where = ".".join(map(str, one["loc"]))
        raise _unfit(name, f"{where[:100]} {one['msg']}".strip()) from None


def _unfit(name: str, told: str) -> Unfit:
    return Unfit(f"What was sent does not fit: {name}.", [{"in": "query", "name": name, "told": told}])


def _manifest(request: Request) -> Manifest:
    base = base_of(request)
    here = f"{base.rstrip('/')}{request.url.path}"
    suggest = {
        what: {"service_url": here, "service_path": f"/suggest/{what}"}
        for what in ("entity", "type", "property")
    }
    return Manifest.model_validate(
        {
            "versions": ["0.2"],
            "name": "On Record",
            "identifierSpace": f"{base}/record/",
            "schemaSpace": f"{base}/api/docs#reconcile",
            "documentation": f"{base}/api/docs#reconcile",
            "defaultTypes": [{"id": id_, "name": name} for id_, name in TYPES.items()],
            "view": {"url": f"{base}/record/{{{{id}}}}"},
            "preview": {"url": f"{here}/preview?id={{{{id}}}}", "width": 420, "height": 200},
            "suggest": suggest,
            "extend": {
                "propose_properties": {"service_url": here, "service_path": "/properties"},
                "property_settings": [],
            },
        }
    )


def _endpoints(root: str, *, token_in_path: bool) -> tuple[Endpoint, ...]:
    gets = (
        ("", ask, Asked, Answer),
        ("/suggest/entity", suggest_entity, SuggestQuery, Suggested),
        ("/suggest/type", suggest_type, SuggestQuery, Suggested),
        ("/suggest/property", suggest_property, SuggestQuery, Suggested),
        ("/properties", propose, ProposeQuery, Properties),
    )
    # A page of another site that has the token in the address may read what it leads to.
    more = {"Access-Control-Allow-Origin": "*"} if token_in_path else {}
    return (
        Endpoint(
            path=root,
            answer=ask_by_form,
            reads=AskedByForm,
            media="application/x-www-form-urlencoded",
            gives=Answer,
            token_in_path=token_in_path,
            more=more,
            whole=False,
        ),
        *(
            Endpoint(
                path=f"{root}{path}",
                answer=answer,
                takes=takes,
                gives=gives,
                token_in_path=token_in_path,
                more=more,
                whole=False,
            )
            for path, answer, takes, gives in gets
        ),
    )


ROOT: Final = "/api/v1/reconcile"
BY_TOKEN: Final = ROOT + "/by/{token}"
ENDPOINTS: Final = (*_endpoints(ROOT, token_in_path=False), *_endpoints(BY_TOKEN, token_in_path=True))
