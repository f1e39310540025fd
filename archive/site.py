"""What every request is answered from: the store, the index, the templates, the settings."""

import hashlib
import mimetypes
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Final

import jinja2
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from archive import licences, marks, telling
from archive.alerts.post import Post
from archive.api.pace import Pace
from archive.exact import Exact
from archive.guard import set_cookie, state_of, visit_of
from archive.places import OPERATORS, OWN, here, places
from archive.public import Opening
from archive.reading.kept import Kept
from archive.reading.queue import Queues
from archive.searches import Limits, Searches, Texts
from archive.spooled import Spools
from archive.turns import Turns
from storage import follows, masking, notes
from storage.held import Held
from storage.notes import Note
from storage.people import Person
from storage.search.searching import SearchIndex
from storage.store import Store

_HERE: Final = Path(__file__).parent
_ATTEMPTS: Final = 10  # sign-ins a minute from one address
_REPORTS: Final = 5  # mistakes reported a minute from one address
_REFUSALS: Final = 240  # answers a minute to an address; a whole newsroom may be behind one
_ADDRESSES: Final = 10_000  # remembered at most


def templates() -> jinja2.Environment:
    """Every template of the pages, and what they call; one site's own functions are added by the site."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    told = (
        telling.answer,
        telling.day,
        telling.days,
        telling.facet_value,
        telling.grade,
        telling.level,
        telling.link_state,
        telling.moment,
        telling.odds,
        telling.percent,
        telling.published,
        telling.regulator,
        telling.setting_title,
        telling.signed,
        telling.spoken,
    )
    environment.filters |= {function.__name__: function for function in told}
    environment.filters |= {"extract": masking.extract, "masked": masking.masked}
    environment.globals |= {
        "families": marks.FAMILIES,
        "licences": licences,
        "places": places,
        "operators_places": OPERATORS,
        "own_places": OWN,
    }
    return environment


def _static() -> dict[str, tuple[bytes, str]]:
    root = _HERE / "static"
    return {
        path.relative_to(root).as_posix(): (
            path.read_bytes(),
            mimetypes.guess_type(path.name)[0] or "application/octet-stream",
        )
        for path in root.rglob("*")
        if path.is_file()
    }


class Attempts:
    """Attempts of the last minute by address, so that passwords cannot be tried by the thousand."""

    def __init__(self, most: int = _ATTEMPTS) -> None:
        self._most = most
        self._by_address: dict[str, deque[float]] = {}

    def too_many(self, address: str, now: float) -> bool:
        """Count one more attempt at ``now`` (seconds); whether it is one too many."""
        if len(self._by_address) > _ADDRESSES:
            self._by_address.clear()
        times = self._by_address.setdefault(address, deque(maxlen=self._most))
        full = len(times) == self._most and now - times[0] < 60
        if not full:
            times.append(now)
        return full


@dataclass(kw_only=True)
class Site:
    """One web archive; ``base_url`` is the address people reach it under, where it is not ours.

    ``served_at``: see ``telling.outward``, for pages that were fetched from this machine by invented names.
    ``opening``: what of the public view is open. ``post``: how alerts are sent, None where they cannot be.
    """

    store: Store
    index: SearchIndex
    base_url: str | None = None
    served_at: Mapping[str, str] = field(default_factory=dict)
    kept: Kept = field(default_factory=Kept)
    held: Held = field(default_factory=Held)
    exact: Exact = field(default_factory=Exact)
    queues: Queues = field(default_factory=Queues)
    attempts: Attempts = field(default_factory=Attempts)
    reports: Attempts = field(default_factory=lambda: Attempts(_REPORTS))
    opening: Opening = field(default_factory=Opening)
    limits: Limits = field(default_factory=Limits)
    spools: Spools = field(default_factory=Spools)
    pace: Pace = field(default_factory=Pace)
    turns: Turns = field(default_factory=Turns)
    refusals: Pace = field(default_factory=lambda: Pace(_REFUSALS))
    post: Post | None = None
    templates: jinja2.Environment = field(default_factory=templates)
    static: dict[str, tuple[bytes, str]] = field(default_factory=_static)

    def __post_init__(self) -> None:
        self.searches, self.texts = Searches(self.index, self.limits), Texts(self.store)
        digests = {
            name: hashlib.sha256(content).hexdigest()[:10] for name, (content, _) in self.static.items()
        }
        self.templates.filters["outward"] = partial(telling.outward, served_at=self.served_at)
        self.templates.globals["static"] = lambda name: f"/static/{name}?v={digests[name]}"

    def page(self, request: Request, template: str, status: int = 200, **shown: Any) -> Response:
        """A page from its template; what is shown is escaped there, always."""
        body = self.templates.get_template(template).render(
            request_path=request.url.path,
            here=here(request.url.path, request.query_params.getlist("kind")),
            followed=partial(self._followed, visit_of(request).person),
            notes_on=self._notes_on,
            **state_of(request),
            **shown,
        )
        response = HTMLResponse(body, status)
        visit = visit_of(request)
        if visit.seed_is_new:
            set_cookie(request, response, "form", visit.seed, seconds=None)
        return response

    def _followed(self, person: Person | None, what: str, target: str) -> str | None:
        """The id by which the visitor follows it, so that a button can say so."""
        if person is None or person.user_id is None:
            return None
        with self.store.reading() as connection:
            return follows.find(connection, person.user_id, what, target)

    def _notes_on(self, what: str, about: str) -> list[Note]:
        with self.store.reading() as connection:
            return notes.of(connection, what, about)


def base_of(request: Request) -> str:
    """The address people reach the archive under, without a slash at its end."""
    return (site_of(request).base_url or f"{request.url.scheme}://{request.url.netloc}").rstrip("/")


def site_of(request: Request) -> Site:
    """The site that answers the request."""
    site: Site = request.app.state.site
    return site
