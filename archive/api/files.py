"""The exports as the API's description has them: files and not JSON, by tokens, whole or since a cursor."""

from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, Field

from archive.api.shapes import Given, no_nul
from archive.export.exporting import FORMS, file_name
from archive.export.tables import TABLES

PATH: Final = "/api/v1/exports/{name}"
CURSOR: Final = "X-On-Record-Cursor"
ROWS: Final = "X-On-Record-Rows"
NAMES: Final = {file_name(what, form): (what, form) for what in TABLES for form in FORMS}
"""Every file by its name, as the table and the format that it is of."""
_FAULTS: Final = (401, 403, 404, 405, 422, 429, 500, 503)
_TOLD: Final = (
    "A table as a file, whole or what changed since a cursor.\n\nThe header `X-On-Record-Cursor` is what to"
    " ask for later changes with. One file at a time; then 429."
)
_HEADERS: Final = {
    CURSOR: {"schema": {"type": "string"}, "description": "What to give as `since` next time."},
    ROWS: {"schema": {"type": "integer"}, "description": "How many rows, or entities, the file has."},
}


class FileQuery(Given):
    """Which rows of a table."""

    since: Annotated[str, Field(max_length=80), AfterValidator(no_nul)] | None = None
    text: Literal["0", "1"] | None = None


def described() -> Mapping[str, Any]:
    """The operation at ``PATH``."""
    media = {kind.partition(";")[0] for kind in FORMS.values()}
    return {
        "operationId": "files.export",
        "summary": "A table as a file",
        "description": _TOLD,
        "tags": ["exports"],
        "parameters": [
            {
                "name": "name",
                "in": "path",
                "required": True,
                "description": "The table, and the format by its ending.",
                "schema": {"type": "string", "enum": list(NAMES)},
            },
            {
                "name": "since",
                "in": "query",
                "required": False,
                "description": "A cursor that an earlier export told.",
                "schema": {"type": "string", "maxLength": 80, "examples": ["0"]},
            },
            {
                "name": "text",
                "in": "query",
                "required": False,
                "description": "`1` for articles with their text; for operators.",
                "schema": {"type": "string", "enum": ["0", "1"]},
            },
        ],
        "security": [{"token": []}],
        "x-role": "reader",
        "responses": {
            "200": {
                "description": "The file.",
                "headers": _HEADERS,
                "content": {
                    kind: {"schema": {"type": "string", "contentMediaType": kind}} for kind in sorted(media)
                },
            },
            **{str(status): {"$ref": f"#/components/responses/{status}"} for status in _FAULTS},
        },
    }
