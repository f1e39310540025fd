"""The API's OpenAPI 3.1, generated from its endpoints: parameters, bodies, answers, faults and examples."""

import datetime as dt
import inspect
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import pydantic
from pydantic.json_schema import models_json_schema

from archive.api import files
from archive.api.endpoint import Endpoint
from archive.api.problems import KINDS

_ALWAYS: Final = (404, 405, 406, 422, 429, 500, 503)
_REF: Final = "#/components/schemas/{model}"
_AT: Final = dt.datetime(2024, 6, 3, 9, 30, tzinfo=dt.UTC)
_TOLD: Final = (
    "What a newsroom's archive shows on its pages, for programs. Send a token as `Authorization: Bearer …`."
    " Lists go on at `next`, also told by a `Link` header; each answer has an `ETag`, and"
    " `If-None-Match` is answered with 304."
)


class Problem(pydantic.BaseModel):
    """A fault (RFC 9457)."""

    type: str = pydantic.Field(examples=["/api/docs#unfit"])
    title: str
    status: int = pydantic.Field(examples=[422])
    detail: str
    errors: list[dict[str, str]] = []


def document(endpoints: Sequence[Endpoint], version: str) -> dict[str, Any]:
    """The whole description."""
    gives = [(endpoint.gives, "serialization") for endpoint in endpoints]
    reads = [(endpoint.reads, "validation") for endpoint in endpoints if endpoint.reads]
    models: list[Any] = list(dict.fromkeys([*gives, *reads, (Problem, "serialization")]))
    named, held = models_json_schema(models, ref_template=_REF)
    schemas = held["$defs"]
    paths: dict[str, dict[str, Any]] = {}
    for endpoint in endpoints:
        path = endpoint.path.replace(":path}", "}")
        paths.setdefault(path, {})[endpoint.method.lower()] = _operation(endpoint, named, schemas)
    paths[files.PATH] = {"get": files.described()}
    return {
        "openapi": "3.1.0",
        "info": {"title": "On Record", "version": version, "description": _TOLD},
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "responses": {str(status): _fault(status) for status in KINDS},
        },
    }


def example(schema: Mapping[str, Any], schemas: Mapping[str, Any]) -> Any:
    """A value that fits a schema, made of the examples that its parts declare."""
    if examples := schema.get("examples"):
        return examples[0]
    if "$ref" in schema:
        return example(schemas[schema["$ref"].rpartition("/")[2]], schemas)
    if "anyOf" in schema:
        return example(schema["anyOf"][0], schemas)
    if "default" in schema or "const" in schema:
        return schema.get("const", schema.get("default"))
    if "enum" in schema:
        return schema["enum"][0]
    return _plain(schema, schemas)


def _plain(schema: Mapping[str, Any], schemas: Mapping[str, Any]) -> Any:
    match schema.get("type"):
        case "object" if "properties" in schema:
            return {name: example(one, schemas) for name, one in schema["properties"].items()}
        case "object":
            return {}
        case "array":
            return [example(schema["items"], schemas)] if schema.get("items") else []
        case "integer" | "number":
            return 3
        case "boolean":
            return True
        case _:
            return _AT.date().isoformat() if schema.get("format") == "date" else "…"


def _operation(
    endpoint: Endpoint, named: Mapping[Any, dict[str, Any]], schemas: Mapping[str, Any]
) -> dict[str, Any]:
    answer = named[endpoint.gives, "serialization"]
    told = inspect.getdoc(endpoint.answer) or ""
    operation: dict[str, Any] = {
        "operationId": endpoint.name,
        "summary": told.splitlines()[0].rstrip("."),
        "description": told,
        "tags": [endpoint.name.split(".")[0]],
        "parameters": [*_places(endpoint), *_parameters(endpoint)],
        "security": [] if endpoint.needs == "anyone" or endpoint.token_in_path else [{"token": []}],
        "responses": {
            "200": {
                "description": "The answer.",
                "headers": {"ETag": {"schema": {"type": "string"}}},
                "content": {"application/json": {"schema": answer, "example": example(answer, schemas)}},
            },
            **{str(status): {"$ref": f"#/components/responses/{status}"} for status in _faults(endpoint)},
        },
    }
    if endpoint.needs != "anyone":
        operation["x-role"] = endpoint.needs
    if endpoint.method == "GET":
        operation["responses"]["304"] = {"description": "Not changed."}
    if endpoint.reads:
        body = named[endpoint.reads, "validation"]
        content = {endpoint.media: {"schema": body, "example": example(body, schemas)}}
        operation["requestBody"] = {"required": True, "content": content}
    return operation


def _faults(endpoint: Endpoint) -> Iterable[int]:
    known = ((401, 403) if endpoint.needs != "anyone" else ()) + _ALWAYS
    return sorted((*known, 400, 413, 415) if endpoint.reads else known)


def _places(endpoint: Endpoint) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}
        for name in endpoint.in_path
    ]


def _parameters(endpoint: Endpoint) -> list[dict[str, Any]]:
    schema = endpoint.takes.model_json_schema()
    required = schema.get("required", ())
    return [_parameter(name, one, name in required) for name, one in schema.get("properties", {}).items()]


def _parameter(name: str, told: Mapping[str, Any], required: bool) -> dict[str, Any]:
    schema = {key: value for key, value in told.items() if key not in ("description", "title", "anyOf")}
    if "anyOf" in told:  # what may be left out is never sent as null
        schema = {key: value for key, value in schema.items() if key != "default"} | told["anyOf"][0]
    parameter = {"name": name, "in": "query", "required": required, "schema": schema}
    return parameter | ({"description": told["description"]} if "description" in told else {})


def _fault(status: int) -> dict[str, Any]:
    schema = {"$ref": _REF.format(model="Problem")}
    answer: dict[str, Any] = {
        "description": KINDS[status].told,
        "content": {"application/problem+json": {"schema": schema}},
    }
    if status in (429, 503):
        answer["headers"] = {"Retry-After": {"schema": {"type": "integer"}, "description": "In seconds."}}
    return answer
