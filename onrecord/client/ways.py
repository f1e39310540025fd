"""Ways to reach an archive: over HTTP with a token, or in this process from its file; both answer alike."""

import json
import time
from collections.abc import Mapping
from typing import IO, Any, Final, Protocol
from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.routing import Match

from archive.api.endpoint import Endpoint
from archive.api.endpoints import ENDPOINTS
from archive.api.files import CURSOR, NAMES, ROWS
from archive.app import make_app
from archive.errors import Unfit
from archive.export.exporting import Asked, export
from archive.guard import Visit
from archive.site import Site
from onrecord.client.errors import NotAnswered
from storage.errors import NotFound, OnRecordError
from storage.people import Person
from storage.search.searching import SearchIndex
from storage.store import Store

Params = Mapping[str, str | list[str]]
_TRIES: Final = 3
_EXPORTS: Final = "/api/v1/exports"
_CHUNK: Final = 2**18
_LONGEST_WAIT: Final = 60  # seconds that an archive may ask to be left alone for


class Way(Protocol):
    """How an archive is reached; NotAnswered."""

    def get(self, path: str, params: Params) -> dict[str, Any]:
        """What is at an address of the API."""

    def post(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """What is answered to a body."""

    def download(self, name: str, params: Mapping[str, str], out: IO[bytes]) -> Mapping[str, str]:
        """Write the export of that name; its headers, by ``CURSOR`` and ``ROWS``."""

    def close(self) -> None:
        """Let go of it."""


class OverHttp:
    """An archive that is served at ``url``; where a token asks for too much, it waits as it is told."""

    def __init__(self, url: str, token: str | None) -> None:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._client = httpx.Client(base_url=url.rstrip("/"), headers=headers, timeout=120)

    def get(self, path: str, params: Params) -> dict[str, Any]:
        """What is at an address of the API."""
        return self._asked("GET", path, params=dict(params) or None)

    def post(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """What is answered to a body."""
        return self._asked("POST", path, json=dict(body))

    def download(self, name: str, params: Mapping[str, str], out: IO[bytes]) -> Mapping[str, str]:
        """Write the export of that name as it comes; its headers."""
        for again in reversed(range(_TRIES)):
            try:
                with self._client.stream("GET", f"{_EXPORTS}/{name}", params=dict(params)) as got:
                    if got.status_code == 200:
                        for some in got.iter_bytes(_CHUNK):
                            out.write(some)
                        return got.headers
                    got.read()
            except httpx.HTTPError as fault:
                raise self._unreached(fault) from None
            if not self._waits(got, again):
                break
        raise NotAnswered(_told(got), got.status_code)

    def close(self) -> None:
        """Close the connection."""
        self._client.close()

    def _asked(self, method: str, path: str, **how: Any) -> dict[str, Any]:
        for again in reversed(range(_TRIES)):
            try:
                got = self._client.request(method, path, **how)
            except httpx.HTTPError as fault:
                raise self._unreached(fault) from None
            if not self._waits(got, again):
                break
        if got.status_code != 200:
            raise NotAnswered(_told(got), got.status_code)
        found: dict[str, Any] = got.json()
        return found

    def _unreached(self, fault: httpx.HTTPError) -> NotAnswered:
        return NotAnswered(f"{self._client.base_url} cannot be reached: {fault}")

    def _waits(self, got: httpx.Response, again: int) -> bool:
        """Wait as long as the archive asks for; False where there is nothing to wait for, or no try left."""
        wait = got.headers.get("retry-after", "")
        if not (again and got.status_code in (429, 503) and wait.isdecimal()):
            return False
        time.sleep(min(int(wait), _LONGEST_WAIT))
        return True


class InProcess:
    """An archive's own file, read by the same endpoints as a server's."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._app = make_app(Site(store=store, index=SearchIndex.of(store)), hosts=["localhost"])
        self._routes = [(endpoint, endpoint.route) for endpoint in ENDPOINTS if not endpoint.token_in_path]

    def get(self, path: str, params: Params) -> dict[str, Any]:
        """What is at an address of the API."""
        parts = urlsplit(path)
        query = [*parse_qsl(parts.query, keep_blank_values=True), *_pairs(params)]
        endpoint, request = self._found("GET", parts.path, urlencode(query))
        return self._answered(endpoint, request)

    def post(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """What is answered to a body."""
        endpoint, request = self._found("POST", path, "")
        return self._answered(endpoint, request, json.dumps(dict(body)).encode())

    def download(self, name: str, params: Mapping[str, str], out: IO[bytes]) -> Mapping[str, str]:
        """Write the export of that name; its headers."""
        what, form = NAMES.get(name, ("", ""))
        with_text = params.get("text") == "1"
        asked = Asked(what=what, form=form, since=params.get("since"), with_text=with_text)
        try:
            done = export(self._store, asked, out)
        except OnRecordError as fault:
            raise NotAnswered(str(fault), 422) from None
        return {CURSOR: done.about.cursor, ROWS: str(done.rows)}

    def close(self) -> None:
        """Close the file."""
        self._store.close()

    def _found(self, method: str, path: str, query: str) -> tuple[Endpoint, Request]:
        scope: dict[str, Any] = {
            "type": "http",
            "method": method,
            "path": path,
            "query_string": query.encode(),
        }
        scope |= {"headers": [(b"host", b"localhost")], "scheme": "http", "app": self._app}
        scope |= {"server": ("localhost", 80), "root_path": "", "client": None, "state": {"visit": _HERE}}
        for endpoint, route in self._routes:
            match, more = route.matches(scope)
            if match == Match.FULL:
                return endpoint, Request({**scope, **more})
        raise NotAnswered(f"there is nothing at {path}", 404)

    def _answered(self, endpoint: Endpoint, request: Request, body: bytes | None = None) -> dict[str, Any]:
        try:
            found: dict[str, Any] = json.loads(endpoint.written(request, body))
        except HTTPException as fault:
            raise NotAnswered(fault.detail, fault.status_code) from None
        except NotFound as fault:
            raise NotAnswered(str(fault), 404) from None
        except Unfit as fault:
            raise NotAnswered(_unfit(str(fault), fault.errors), 422) from None
        except OnRecordError as fault:
            raise NotAnswered(str(fault), 422) from None
        return found


_HERE: Final = Visit(
    person=Person(name="here", role="operator", key_id="here", user_id=None),
    form={},
    seed="",
    seed_is_new=False,
)


def _pairs(params: Params) -> list[tuple[str, str]]:
    return [
        (name, one)
        for name, value in params.items()
        for one in (value if isinstance(value, list) else [value])
    ]


def _told(got: httpx.Response) -> str:
    try:
        problem = got.json()
        return _unfit(problem["detail"], problem.get("errors", []))
    except (ValueError, KeyError, TypeError, AttributeError):
        return f"{got.url} answers {got.status_code}; is it the address of an archive?"


def _unfit(told: str, errors: list[dict[str, str]]) -> str:
    return " ".join([told, *(f"{one['name']}: {one['told']}." for one in errors)])
