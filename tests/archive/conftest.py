"""A real web archive on loopback: the application, a store, the index, and clients of every role."""

import contextlib
import re
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
import uvicorn

from archive.app import make_app
from archive.serving import Address, listening
from archive.site import Site
from storage import people
from storage.dates import utc_now
from storage.search.indexer import open_indexer
from storage.search.searching import SearchIndex
from storage.store import Store
from tests.archive.world import World


@dataclass(frozen=True)
class Served:
    """An archive that answers at ``url``."""

    url: str
    store: Store
    world: World

    def index(self) -> None:
        """Bring the index up to date."""
        with open_indexer(self.store) as indexer:
            indexer.catch_up()

    @contextlib.contextmanager
    def client(self, role: people.Role | None) -> Iterator[httpx.Client]:
        """A browser-like client that is signed in as that role; nobody for None."""
        with httpx.Client(base_url=self.url, trust_env=False, timeout=60) as client:
            if role:
                with self.store.writing() as connection:
                    user = people.add_user(connection, f"a {role} {time.time_ns()}", role, at=utc_now())
                    secret = people.start_session(connection, user, at=utc_now())
                client.cookies.set("onrecord-session", secret)
            yield client

    def token(self, role: people.Role) -> dict[str, str]:
        """Headers with a token of that role."""
        with self.store.writing() as connection:
            secret = people.issue(connection, "token", role, at=utc_now())
        return {"Authorization": f"Bearer {secret}"}


@contextlib.contextmanager
def serving(store: Store, **settings: Any) -> Iterator[Served]:
    """Serve the store at a free port of loopback."""
    with listening(Address(port=0)) as listener:
        site = Site(store=store, index=SearchIndex(store.place.index), **settings)
        app = make_app(site, hosts=Address(base_url=settings.get("base_url")).hosts)
        server = uvicorn.Server(uvicorn.Config(app, log_level="critical", access_log=False))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            while not server.started:
                time.sleep(0.01)
            yield Served(f"http://127.0.0.1:{listener.getsockname()[1]}", store, World(store))
        finally:
            server.should_exit = True
            thread.join()


@pytest.fixture
def served(store: Store) -> Iterator[Served]:
    """A fresh archive, served, with an empty index."""
    with open_indexer(store):
        pass
    with serving(store) as archive:
        yield archive


@pytest.fixture
def reader(served: Served) -> Iterator[httpx.Client]:
    """A signed-in reader."""
    with served.client("reader") as client:
        yield client


def form_token(page: str) -> str:
    """The token that a page's form carries."""
    found = re.search(r'name="token" value="([0-9a-f]{64})"', page)
    assert found, "the page has no form with a token"
    return found[1]
