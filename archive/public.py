"""All that anybody without an account may be shown: lines composed from fields, and never a press text.

Every public answer is made by ``answer``, which takes the records of this module and nothing else. They
have no field for a title, a text, an address of a page or of a home, a postcode or a coordinate; the
authority is the finest place. ``archive.reading.public`` fills them.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from archive import telling

INDEXED: Final = "noarchive"
"""What crawlers are told of public pages where the operator lets them in."""


@dataclass(frozen=True, kw_only=True)
class Opening:
    """What of the public view an operator has opened; nothing by default.

    ``machine_links``: software's links too, marked as not checked. ``indexed``: search engines may list the
    pages. ``suppress_on_report``: a link reported as a mistake is not public until somebody has decided.
    """

    open: bool = False
    machine_links: bool = False
    indexed: bool = False
    suppress_on_report: bool = False


CLOSED: Final = Opening()


@dataclass(frozen=True, kw_only=True)
class Story:
    """A story and what it is linked to, as the public reads it.

    ``provider`` and the ids are None where the home could be told from them: it is its provider's only one
    in the authority, or the provider is a natural person. ``withdrawn_on``: it was asserted once.
    """

    article_id: str
    mention: int
    outlet: str | None
    published: str | None
    kind: str | None
    authority: str | None
    regulator: str | None
    judgement: str | None
    level: str
    first_day: dt.date | None
    last_day: dt.date | None
    setting_id: str | None
    urn: str | None
    provider_id: str | None
    provider: str | None
    confirmed: bool
    probability: float
    decided_on: dt.date
    withdrawn_on: dt.date | None

    @property
    def line(self) -> str:
        """``Children's home in Stockport, inadequate · Evening News · 8 June 2023``."""
        owner = self.provider if self.level == "provider" else None
        head = telling.composed(self.kind, self.authority, self.judgement, owner=owner)
        return " · ".join((head, self.outlet or "unknown outlet", telling.published(self.published)))

    @property
    def path(self) -> str:
        """Our own address of it."""
        return f"/public/stories/{self.article_id}/{self.mention}"


@dataclass(frozen=True, kw_only=True)
class Inspected:
    """An inspection, as the regulator published it."""

    kind: str
    first_day: dt.date | None
    last_day: dt.date | None
    overall: str | None


@dataclass(frozen=True, kw_only=True)
class Home:
    """A setting: what it is and in which authority, who runs it, how it was judged, who covered it."""

    id: str
    title: str
    regulator: str
    urn: str
    authority: str | None
    provider_id: str | None
    provider: str | None
    inspections: tuple[Inspected, ...] = ()
    stories: tuple[Story, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Owner:
    """A registered organisation and its settings; a natural person is never one."""

    id: str
    name: str
    homes: tuple[Home, ...]
    stories: tuple[Story, ...]


@dataclass(frozen=True, kw_only=True)
class Listing:
    """A page of stories, newest first; ``withdrawn`` are those taken back lately."""

    stories: tuple[Story, ...]
    withdrawn: tuple[Story, ...]
    authorities: tuple[str, ...]
    authority: str
    page: int
    more: bool


@dataclass(frozen=True, kw_only=True)
class One:
    """What stands of one mention of a story: the assertion, and what was withdrawn of it."""

    now: Story | None
    withdrawn: tuple[Story, ...]

    @property
    def story(self) -> Story:
        """What the page is named by."""
        return self.now or self.withdrawn[0]


@dataclass(frozen=True, kw_only=True)
class Correction:
    """A mistake that was reported, and what was decided; what was reported is not public."""

    outlet: str | None
    published: str | None
    upheld: bool
    answer: str | None
    decided_on: dt.date


@dataclass(frozen=True, kw_only=True)
class Corrections:
    """What was decided, newest first."""

    decided: tuple[Correction, ...]


@dataclass(frozen=True, kw_only=True)
class Files:
    """The exports that anybody may take: each table's file by format, and the cursor of now."""

    files: Mapping[str, Mapping[str, str]]
    cursor: str


Shown = Listing | One | Home | Owner | Corrections | Files


def answer(request: Request, shown: Shown, *, note: str | None = None, status: int = 200) -> Response:
    """The page of a public record; ``note`` is a sentence of ours."""
    if type(shown) not in _TEMPLATES:
        raise TypeError(f"{type(shown).__name__} is nothing that may be shown in public")
    site = request.app.state.site
    response: Response = site.page(
        request, _TEMPLATES[type(shown)], status, shown=shown, note=note, opening=site.opening
    )
    if site.opening.indexed:
        response.headers["X-Robots-Tag"] = INDEXED
    return response


def opened(request: Request) -> Opening:
    """The opening in force; where nothing is open, the answer of a page that never was."""
    opening: Opening = request.app.state.site.opening
    if not opening.open:
        raise HTTPException(404)
    return opening


_TEMPLATES: Final[dict[type, str]] = {
    Listing: "public/stories.html",
    One: "public/story.html",
    Home: "public/home.html",
    Owner: "public/owner.html",
    Corrections: "public/corrections.html",
    Files: "public/exports.html",
}
