"""What the Reconciliation Service API 0.2 demands of each kind of answer, written as schemas of our own.

Stricter than the specification where it can be: a member that it does not name is a mistake here.
"""

from typing import Any, Final

import jsonschema

_TEXT: Final = {"type": "string", "minLength": 1}
_TEMPLATE: Final = {"type": "string", "pattern": r"^https?://.*\{\{id\}\}"}


def _object(required: dict[str, Any], optional: dict[str, Any] | None = None) -> dict[str, Any]:
    return {
        "type": "object",
        "required": list(required),
        "properties": required | (optional or {}),
        "additionalProperties": False,
    }


def _list(of: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": of}


_TYPE: Final = _object({"id": _TEXT, "name": _TEXT}, {"description": _TEXT})
_NAMED: Final = _object({"id": _TEXT, "name": _TEXT}, {"description": _TEXT, "notable": _list(_TYPE)})
_SERVICE: Final = _object(
    {"service_url": {"type": "string", "pattern": "^https?://"}, "service_path": {"pattern": "^/"}}
)
MANIFEST: Final = _object(
    {
        "versions": {"type": "array", "items": _TEXT, "contains": {"const": "0.2"}},
        **{name: {"type": "string", "format": "uri"} for name in ("identifierSpace", "schemaSpace")},
        "name": _TEXT,
    },
    {
        "documentation": {"type": "string", "format": "uri"},
        "defaultTypes": _list(_TYPE) | {"uniqueItems": True},
        "view": _object({"url": _TEMPLATE}),
        "preview": _object({"url": _TEMPLATE, "width": {"type": "integer"}, "height": {"type": "integer"}}),
        "suggest": _object({}, dict.fromkeys(("entity", "type", "property"), _SERVICE)),
        "extend": _object({"propose_properties": _SERVICE}, {"property_settings": {"maxItems": 0}}),
    },
)
_FEATURE: Final = _object({"id": _TEXT, "value": {"type": ["number", "boolean"]}})
_CANDIDATE: Final = _object(
    {"id": _TEXT, "name": _TEXT, "score": {"type": "number", "minimum": 0, "maximum": 100}},
    {
        "description": _TEXT,
        "match": {"type": "boolean"},
        "type": _list(_TYPE),
        "features": _list(_FEATURE),
    },
)
RESULTS: Final = {"type": "object", "additionalProperties": _object({"result": _list(_CANDIDATE)})}
SUGGESTED: Final = _object({"result": _list(_NAMED)})
PROPOSED: Final = _object(
    {"properties": _list(_TYPE)}, {"type": {"type": "string"}, "limit": {"type": "integer"}}
)
_MOMENT: Final = r"^\d{4}-(0[1-9]|1[0-2])-([0-2]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(Z|[+-]\d\d:\d\d)?$"
_CELL: Final = {
    "oneOf": [
        _object({"id": _TEXT, "name": _TEXT}),
        _object({"str": _TEXT}),
        _object({"int": {"type": "integer"}}),
        _object({"date": {"type": "string", "pattern": _MOMENT}}),
    ]
}
EXTENSION: Final = _object(
    {
        "meta": _list(_object({"id": _TEXT, "name": _TEXT}, {"type": _TYPE})),
        "rows": {
            "type": "object",
            "additionalProperties": {"type": "object", "additionalProperties": _list(_CELL)},
        },
    }
)


def fits(told: Any, rule: dict[str, Any]) -> Any:
    """The answer, where it fits; jsonschema.ValidationError."""
    jsonschema.validate(told, rule, cls=jsonschema.Draft202012Validator)
    return told
