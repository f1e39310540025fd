"""What the nouns of the API are made of: the roots of all answers and questions, and the parts many share."""

import datetime as dt
from collections.abc import Iterable
from typing import Annotated, Any, ClassVar, Generic, TypeVar
from urllib.parse import urlencode

import pydantic
from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, PlainSerializer, WithJsonSchema
from starlette.requests import Request

from archive.api import cursors

Id = Annotated[str, Field(examples=["setting-7f2kq3wmz5ahx4dt"])]
Urn = Annotated[str, Field(examples=["SC990011"])]
Day = Annotated[dt.date, Field(examples=["2024-03-05"])]
Grade = Annotated[str, Field(examples=["Inadequate"])]
Authority = Annotated[str, Field(examples=["Bolton"])]
Probability = Annotated[float, Field(ge=0, le=1, examples=[0.97])]
Published = Annotated[str, Field(examples=["2024-04-19"])]
"""An ISO date as the outlet gave it, perhaps a year or a month alone."""
Moment = Annotated[
    dt.datetime,
    PlainSerializer(dt.datetime.isoformat, return_type=str),
    WithJsonSchema({"type": "string", "format": "date-time", "examples": ["2024-06-03T09:30:00+00:00"]}),
]


def _asked_day(value: Any) -> Any:
    """A day as ISO has it, and not as seconds since 1970, which pydantic would read as well."""
    if isinstance(value, str) and len(value) != 10:
        raise ValueError("is no day such as 2024-03-05")
    return value


def no_nul(value: str) -> str:
    """The text, unless it holds what no text has."""
    if "\0" in value:
        raise ValueError("holds a character that no text has")
    return value


AskedDay = Annotated[dt.date, BeforeValidator(_asked_day)]
Text = Annotated[str, Field(max_length=1_000), AfterValidator(no_nul)]


class Record(pydantic.BaseModel):
    """An answer, or a part of one."""

    model_config = ConfigDict(frozen=True, from_attributes=True, use_attribute_docstrings=True)
    modified: ClassVar[str | None] = None
    """The field that says when what is told was last changed, where one does."""

    @property
    def last_modified(self) -> dt.datetime | None:
        """When what is told was last changed, where it is known."""
        when: dt.datetime | None = getattr(self, self.modified) if self.modified else None
        return when.astimezone(dt.UTC) if when else None


class Given(pydantic.BaseModel):
    """What is asked: parameters of a query, or a body. What is not known is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class Paging(Given):
    """A list is read page by page."""

    cursor: Text | None = None
    """As the address in `next` has it; without one the list begins."""
    limit: int = Field(default=50, ge=1, le=200)
    """How many lines at most."""


Line = TypeVar("Line")


class Page(Record, Generic[Line]):
    """A stretch of a list in the order of its ids, which never changes: follow `next` to its end."""

    # pydantic reads attributes' docstrings from the source, and stumbles where a generic is filled.
    model_config = ConfigDict(use_attribute_docstrings=False)
    items: list[Line]
    next: str | None = Field(default=None, examples=["/api/v1/settings?cursor=WyJzZXR0aW5ncyIsInMiXQ"])
    """The address of the next page; null at the end."""


def page(
    request: Request, of: str, lines: Iterable[Any], asked: Paging, place: Any = lambda line: line.id
) -> dict[str, Any]:
    """The page of ``lines``, of which there is one more than asked for where the list goes on.

    ``place`` gives a line's key.
    """
    held = list(lines)
    shown = held[: asked.limit]
    more = len(held) > asked.limit
    return {"items": shown, "next": following(request, of, place(shown[-1])) if more else None}


def following(request: Request, of: str, place: str | int) -> str:
    """The address of the same list behind a place."""
    kept = [pair for pair in request.query_params.multi_items() if pair[0] != "cursor"]
    return f"{request.url.path}?{urlencode([*kept, ('cursor', cursors.made(of, place))])}"


class InspectionLine(Record):
    """An inspection in a list."""

    id: Id
    kind: str = Field(examples=["full"])
    first_day: Day | None
    last_day: Day | None
    published: Day | None
    overall: Grade | None
    protection: Grade | None
    leadership: Grade | None
    setting_id: Id
    urn: Urn
    local_authority: Authority | None
    provider_id: Id | None
    provider: str | None
    """The registered owner of the inspection's day."""
    has_report: bool
    disagreements: int
    """How many facts the sources disagree on."""
    covered: int
    """How many articles are linked to it."""


class CoverageLine(Record):
    """An article in a list, and the link by which it belongs there."""

    id: Id
    title: str | None
    outlet: str | None
    published: Published | None
    level: str = Field(examples=["inspection"])
    """The finest level that is certain enough: inspection, setting or provider."""
    probability: Probability
    confirmed: bool
    """Whether a person confirmed it."""
    inspection_id: Id | None
    first_day: Day | None
    setting_id: Id | None
    urn: Urn | None
    local_authority: Authority | None
    provider_id: Id | None
    provider: str | None


class SettingLine(Record):
    """A setting in a list."""

    id: Id
    regulator: str = Field(examples=["ofsted"])
    urn: Urn
    kind: str = Field(examples=["children's home"])
    name: str | None
    """Null where the regulator withholds it."""
    local_authority: Authority | None
    places: int | None
    status: str | None
    closed: Day | None
    provider_id: Id | None
    provider: str | None
    latest: Grade | None
    """The overall judgement of its latest graded full inspection."""
    latest_day: Day | None


class Series(Record):
    """One row of a figure; null where nothing is known."""

    name: str
    values: list[float | None]


class Figure(Record):
    """The numbers of a chart; `told` says what they are."""

    title: str
    told: str
    of: str
    """What the labels are."""
    labels: list[str]
    series: list[Series]


def setting_line(line: Any) -> SettingLine:
    """A setting as lists show it; a withheld name stays so."""
    shown = SettingLine.model_validate(line)
    return shown.model_copy(update={"name": None}) if line.name_withheld else shown
