"""The questions of the reconciliation service, as its specification (0.2) shapes them."""

from typing import Annotated, Any, Final, Literal

import pydantic
from pydantic import ConfigDict, Field

from archive.api.shapes import Given, Text

_BATCH: Final = 100
JsonText = Annotated[str, Field(max_length=100_000)]


class Wanted(pydantic.BaseModel):
    """A value that a property must have, or several."""

    pid: Text
    v: Any


class Query(pydantic.BaseModel):
    """One thing sought."""

    model_config = ConfigDict(extra="forbid")
    query: Text | None = None
    type: Text | list[Text] | None = None
    limit: Annotated[float, Field(ge=1)] = 5
    properties: Annotated[list[Wanted], Field(max_length=20)] = []
    type_strict: Literal["any", "should", "all"] | None = None

    @pydantic.model_validator(mode="after")
    def _seeks_something(self) -> "Query":
        if self.query is None and not self.properties:
            raise ValueError("a query needs `query` or `properties`")
        return self


class Fetched(pydantic.BaseModel):
    """A property to be fetched; there are no settings."""

    id: Text
    settings: dict[str, Any] = {}


class Extend(pydantic.BaseModel):
    """What is to be added to a table: which properties of which entities."""

    ids: Annotated[list[Text], Field(max_length=1_000)]
    properties: Annotated[list[Fetched], Field(max_length=50)]


class Asked(Given):
    """A batch of queries or a data extension, as JSON; neither asks for the manifest."""

    queries: Annotated[str, Field(max_length=4_000)] | None = None
    extend: Annotated[str, Field(max_length=4_000)] | None = None


class AskedByForm(Given):
    """The same as a form."""

    queries: JsonText | None = Field(default=None, examples=['{"q0": {"query": "Larkspur Care"}}'])
    extend: JsonText | None = None


class SuggestQuery(Given):
    """What the names begin with."""

    prefix: Text = ""
    cursor: int = Field(default=0, ge=0, le=10_000)
    """How many to leave out."""


class ProposeQuery(Given):
    """Properties of which type."""

    type: Text = ""
    limit: int = Field(default=50, ge=1, le=100)


BATCHES: Final = pydantic.TypeAdapter(Annotated[dict[Text, Query], Field(max_length=_BATCH)])
EXTENSIONS: Final = pydantic.TypeAdapter(Extend)
