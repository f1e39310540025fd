"""The answers of the reconciliation service, as its specification (0.2) shapes them."""

from typing import Any

from pydantic import Field, RootModel

from archive.api.shapes import Id, Record


class TypeTold(Record):
    """A kind of entity."""

    id: str = Field(examples=["provider"])
    name: str = Field(examples=["Registered provider"])


class Service(Record):
    """Where something is asked."""

    service_url: str
    service_path: str


class View(Record):
    """Where an entity's page is."""

    url: str = Field(pattern=r"\{\{id\}\}", examples=["http://127.0.0.1:8000/record/{{id}}"])


class Preview(View):
    """Where a small page on an entity is, and its size in pixels."""

    width: int
    height: int


class Suggest(Record):
    """Where names are completed."""

    entity: Service
    type: Service
    property: Service


class ExtendTold(Record):
    """Where properties are proposed."""

    propose_properties: Service
    property_settings: list[dict[str, Any]]


class Manifest(Record):
    """What the service does, and where."""

    versions: list[str] = Field(examples=[["0.2"]])
    name: str
    identifierSpace: str  # noqa: N815 (the specification's)
    schemaSpace: str  # noqa: N815
    documentation: str
    defaultTypes: list[TypeTold]  # noqa: N815
    view: View
    preview: Preview
    suggest: Suggest
    extend: ExtendTold


class Feature(Record):
    """Something that the score is made of."""

    id: str
    value: float


class CandidateTold(Record):
    """An entity that may be meant."""

    id: Id
    name: str
    description: str
    type: list[TypeTold]
    score: float = Field(ge=0, le=100)
    """By the linker's index of names, 0 to 100."""
    match: bool
    """Whether it is the only one that the name or number can mean."""
    features: list[Feature]


class Result(Record):
    """The answer to one query."""

    result: list[CandidateTold]


class Results(RootModel[dict[str, Result]]):
    """The answers by the keys of the queries."""


class Property(Record):
    """A property that can be fetched."""

    id: str
    name: str
    type: TypeTold | None = None
    """Of entities that are its values."""


class Extension(Record):
    """Values of the properties asked for: each a list of {str}, {int}, {date} or {id, name}."""

    meta: list[Property]
    rows: dict[str, dict[str, list[dict[str, Any]]]]


class Suggestion(Record):
    """Something whose name begins so."""

    id: str
    name: str
    description: str | None = None
    notable: list[TypeTold] | None = None


class Suggested(Record):
    """What begins so."""

    result: list[Suggestion]


class Properties(Record):
    """What can be fetched of a type."""

    type: str
    limit: int
    properties: list[Property]
