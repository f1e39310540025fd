"""Links by themselves: the list with filters, and one with its evidence."""

from typing import Any, Final, Literal

from starlette.exceptions import HTTPException
from starlette.requests import Request

from archive.api import cursors
from archive.api.coded import Code, coded, place
from archive.api.endpoint import Endpoint
from archive.api.linked import Evidence, evidence_told
from archive.api.shapes import (
    Authority,
    Day,
    Id,
    Moment,
    Page,
    Paging,
    Probability,
    Published,
    Record,
    Text,
    Urn,
    page,
)
from archive.reading.articles import article_page
from archive.reading.stretches.press import LinkLine, link_stretch
from archive.reading.stretches.stretch import Stretch
from archive.site import site_of


class LinksQuery(Paging):
    """Which links."""

    status: Literal["linked", "candidate", "none", "withdrawn"] | None = None
    level: Literal["inspection", "setting", "provider", "none"] | None = None
    answer: Text | None = None
    confirmed: Literal["true", "false"] | None = None
    article_id: Text | None = None
    outlet: Text | None = None
    regulator: Text | None = None
    urn: Text | None = None
    local_authority: Text | None = None
    setting_id: Text | None = None
    inspection_id: Text | None = None
    provider_id: Text | None = None


class Link(Record):
    """A decision or a candidate in a list, as the export has it."""

    id: Id
    article_id: Id
    article_url: str
    external_id: str | None
    article_version: int
    outlet: str | None
    published: Published | None
    title: str | None
    mention: int
    rank: int | None
    status: str
    answer: str | None
    level: str
    inspection_id: Id | None
    inspection_date: Day | None
    setting_id: Id | None
    regulator: str | None
    urn: Urn | None
    setting_kind: str | None
    local_authority: Authority | None
    authority_code: Code | None
    """The ONS code of the authority: England's are known, others where places were imported."""
    provider_id: Id | None
    provider: str | None
    probability: Probability
    confirmed: bool
    decided_by: str
    decided_at: Moment
    withdrawn_at: Moment | None
    model: str | None


class LinkWithEvidence(Link):
    """A link with the clues that were held against its record."""

    evidence: list[Evidence]


def links(request: Request, asked: LinksQuery) -> dict[str, Any]:
    """List decisions and candidates."""
    narrowed = asked.model_dump(exclude={"cursor", "limit", "confirmed"}, exclude_none=True)
    if asked.confirmed:
        narrowed["confirmed"] = asked.confirmed == "true"
    wanted = Stretch(after=cursors.text_place("links", asked.cursor), limit=asked.limit, only=narrowed)
    with site_of(request).store.reading() as connection:
        lines = coded(connection, link_stretch(connection, wanted))
    return page(request, "links", lines, asked, place=place)


def link(request: Request, asked: Any) -> dict[str, Any]:
    """A link by id, with its evidence."""
    id_ = request.path_params["id"]
    with site_of(request).store.reading() as connection:
        found = link_stretch(connection, Stretch(after="", limit=1, only={"id": id_}))
        if not found:
            raise HTTPException(404)
        (line,) = found
        shown = article_page(connection, line.article_id)
        (told,) = coded(connection, found)
    mention = next((one for one in shown.mentions if one.decision.link.mention == line.mention), None)
    best = mention and mention.best
    held = mention.evidence if mention and _is_of(line, mention.decision, best) else ()
    evidence = [evidence_told(one, readable=shown.readable) for one in held]
    return told | {"evidence": evidence}


def _is_of(line: LinkLine, *choices: Any) -> bool:
    return any(choice is not None and choice.link.id == line.id for choice in choices)


ENDPOINTS: Final = (
    Endpoint(path="/api/v1/links", answer=links, takes=LinksQuery, gives=Page[Link]),
    Endpoint(path="/api/v1/links/{id}", answer=link, gives=LinkWithEvidence),
)
