"""A text linked on the spot: what is the record behind this story? Nothing of it is stored."""

from typing import Annotated, Any, Final

from pydantic import AfterValidator, Field
from starlette.requests import Request

from archive import texts
from archive.api.endpoint import Endpoint
from archive.api.linked import Evidence, Proposal, evidence_told, proposal_told
from archive.api.shapes import Authority, Given, Id, Probability, Published, Record, Urn
from archive.reading.articles import Mention


def _says_something(value: str) -> str:
    if not value.strip():
        raise ValueError("says nothing")
    return value


class TextGiven(Given):
    """A story as it was printed."""

    text: Annotated[
        str,
        Field(min_length=1, max_length=texts.LONGEST, pattern=r"\S"),
        AfterValidator(_says_something),
    ] = Field(examples=["A children's home in Bolton run by Larkspur Care was rated inadequate."])
    title: Annotated[str, Field(max_length=texts.LONGEST_TITLE)] = ""
    published: str | None = Field(
        default=None,
        pattern=r"^[12][0-9]{3}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?$",
        examples=["2024-04-19"],
    )
    """The day it was printed, or the month or year; much depends on it."""


class Clue(Record):
    """Something that the text says, with the characters that say it."""

    clue: str
    field: str
    start: int
    end: int
    text: str
    value: str
    confidence: float


class Step(Record):
    """One comparison with the record; weights add up, in log2."""

    clue: str
    weight: float
    told: str
    field: str | None
    start: int | None
    end: int | None
    text: str | None


class Waterfall(Record):
    """How a record's odds came about: the prior, each step, the total."""

    regulator: str
    urn: Urn
    setting_id: Id
    inspection_id: Id | None
    provider_id: Id | None
    kind: str
    local_authority: Authority | None
    provider: str | None
    inspection: Published | None
    """The first day of the inspection."""
    probability: Probability
    prior: float
    """Before the text, in log2."""
    total: float
    steps: list[Step]


class TextMention(Record):
    """One setting that the text describes: what would be decided, and why."""

    mention: int
    decision: Proposal
    evidence: list[Evidence]
    candidates: list[Proposal]
    in_words: str
    about_a_setting: Probability
    not_in_register: Probability | None
    """How likely nothing in the register is right."""
    clues: list[Clue]
    waterfalls: list[Waterfall]


class TextLinked(Record):
    """What a text would be linked to."""

    mentions: list[TextMention]


def link(request: Request, asked: TextGiven) -> dict[str, Any]:
    """Link a text and explain it: candidates, waterfalls, and the characters that carry each clue."""
    shown = texts.linked(request, asked.text, title=asked.title, published=asked.published)
    return {"mentions": [_mention(*one) for one in zip(shown.mentions, shown.why, strict=True)]}


def _mention(mention: Mention, why: dict[str, Any]) -> dict[str, Any]:
    known = {name: why[name] for name in ("mention", "about_a_setting", "not_in_register", "clues")}
    waterfalls = [one | {"inspection": one["inspection"] or None} for one in why["candidates"]]
    return known | {
        "decision": proposal_told(mention.decision),
        "evidence": [evidence_told(line, readable=True) for line in mention.evidence],
        "candidates": [proposal_told(candidate) for candidate in mention.candidates],
        "in_words": mention.in_words,
        "waterfalls": waterfalls,
    }


ENDPOINTS: Final = (Endpoint(path="/api/v1/link", answer=link, reads=TextGiven, gives=TextLinked),)
