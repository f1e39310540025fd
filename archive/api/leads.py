"""Leads: what the record shows that nobody told, or told otherwise."""

from typing import Any, Final

from pydantic import Field
from starlette.exceptions import HTTPException
from starlette.requests import Request

from archive.api import cursors
from archive.api.endpoint import Endpoint
from archive.api.shapes import Page, Paging, Record, Text, following
from archive.leads import LEADS
from archive.reading.leads.shape import Asked, Lead
from archive.site import site_of
from archive.telling import london_day
from storage.dates import utc_now


class LeadQuery(Paging):
    """How a lead is narrowed; `choices` of the list of leads says which of these it has."""

    severity: Text = ""
    within: Text = ""
    authority: Text = ""
    region: Text = ""
    why: Text = ""
    outlet: Text = ""
    fact: Text = ""
    over: Text = ""


class Choice(Record):
    """One way to narrow a lead."""

    name: str
    title: str
    options: list[str]
    """The first stands where none is chosen; those that the archive knows come besides."""


class LeadLine(Record):
    """A lead in the list."""

    name: str = Field(examples=["uncovered"])
    title: str
    told: str
    """What it is, in a sentence or two."""
    columns: list[str]
    choices: list[Choice]


class Cell(Record):
    """One cell of a row: what is told, and the page it leads to."""

    column: str
    text: str
    link: str | None


class LeadTold(Page[list[Cell]]):
    """Rows of a lead. It is counted anew for each page: rows that arrive meanwhile shift the rest."""

    total: int


def leads(request: Request, asked: Any) -> dict[str, Any]:
    """List the leads with their definitions."""
    return {"items": [_line(lead) for lead in LEADS.values()]}


def lead(request: Request, asked: LeadQuery) -> dict[str, Any]:
    """One lead as it is narrowed."""
    site, first = site_of(request), cursors.number_place("lead", asked.cursor)
    shown = LEADS.get(request.path_params["name"])
    if shown is None or first > 10_000_000:
        raise HTTPException(404)
    with site.store.reading() as connection:
        options = {choice.name: choice.given(connection, site.kept) for choice in shown.choices}
        chosen = shown.chosen(request.query_params, options)
        wanted = Asked(chosen=chosen, today=london_day(utc_now()), first=first, size=asked.limit)
        found = shown.find(connection, wanted, site.kept)
    end = first + asked.limit
    cells = [
        [
            {"column": column, "text": cell.text, "link": cell.link}
            for column, cell in zip(shown.columns, row, strict=True)
        ]
        for row in found.rows
    ]
    more = following(request, "lead", end) if end < found.total else None
    return {"items": cells, "next": more, "total": found.total}


def _line(lead: Lead) -> dict[str, Any]:
    choices = [
        {"name": one.name, "title": one.title, "options": [value for value, _ in one.options]}
        for one in lead.choices
    ]
    return {
        "name": lead.name,
        "title": lead.title,
        "told": lead.told,
        "columns": list(lead.columns),
        "choices": choices,
    }


ENDPOINTS: Final = (
    Endpoint(path="/api/v1/leads", answer=leads, gives=Page[LeadLine]),
    Endpoint(path="/api/v1/leads/{name}", answer=lead, takes=LeadQuery, gives=LeadTold),
)
