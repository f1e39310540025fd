"""A real web archive on loopback: the application, a store, the index, and clients of every role."""

import asyncio
import contextlib
import functools
import re
import shutil
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn

from archive.api.pace import Pace
from archive.app import make_app
from archive.serving import Address, listening
from archive.site import Site, templates
from storage import people
from storage.dates import utc_now
from storage.search.indexer import open_indexer
from storage.search.searching import SearchIndex
from storage.store import Store
from tests.archive.world import World
from tests.engines import Fresh, opened


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
        # Nothing is encrypted here, and to load the world's certificates takes 20 ms.
        with httpx.Client(base_url=self.url, trust_env=False, timeout=60, verify=False) as client:
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


class _Server(uvicorn.Server):
    """Uvicorn that says when it answers, and ends when told instead of looking every 0.1 s."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.answers, self.over = threading.Event(), asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        self.answers.set()

    async def main_loop(self) -> None:
        await self.on_tick(0)
        await self.over.wait()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for server in self.servers:
            server.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        await asyncio.sleep(0)  # the closed ones leave; uvicorn's own pause here is 0.1 s
        await self._wait_tasks_to_complete()
        await self.lifespan.shutdown()


@functools.cache
def _loop() -> asyncio.AbstractEventLoop:
    """The event loop of all servers of this process, in a thread of its own."""
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="servers", daemon=True).start()
    return loop


_templates = functools.cache(templates)
"""Compiled once: every page is the same on the next server, and compiling takes longer than most tests."""


@contextlib.contextmanager
def serving(store: Store, **settings: Any) -> Iterator[Served]:
    """Serve the store at a free port of loopback."""
    with listening(Address(port=0)) as listener:
        settings = {"refusals": Pace(10**9)} | settings  # tests are refused by the thousand
        site = Site(store=store, index=SearchIndex.of(store), templates=_templates(), **settings)
        app = make_app(site, hosts=Address(base_url=settings.get("base_url")).hosts)
        server = _Server(uvicorn.Config(app, log_level="critical", access_log=False))
        running = asyncio.run_coroutine_threadsafe(server.serve(sockets=[listener]), _loop())
        try:
            assert server.answers.wait(60)
            yield Served(f"http://127.0.0.1:{listener.getsockname()[1]}", store, World(store))
        finally:
            _loop().call_soon_threadsafe(server.over.set)
            running.result(60)


@pytest.fixture(scope="session")
def empty_index(fresh: Fresh, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The index of a fresh archive."""
    with opened(fresh, tmp_path_factory.mktemp("indexed")) as store, open_indexer(store):
        return store.place.index


@pytest.fixture
def served(store: Store, empty_index: Path) -> Iterator[Served]:
    """A fresh archive, served, with an empty index."""
    shutil.copytree(empty_index, store.place.index)
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
