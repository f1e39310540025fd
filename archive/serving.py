"""Serve an archive: the web application and, beside it in one process, the indexer and the recounter."""

import contextlib
import logging
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import uvicorn

from archive.alerts.post import Post
from archive.app import make_app
from archive.errors import PortTaken
from archive.public import CLOSED, Opening
from archive.reading.queue import SECOND_SHARE, Queues
from archive.recounting import recounting
from archive.searches import Limits
from archive.site import Site
from storage import people
from storage.dates import utc_now
from storage.search.errors import IndexerBusy
from storage.search.indexer import open_indexer
from storage.search.searching import SearchIndex
from storage.store import Store

_LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
_SWITCH = 0.0005
"""Seconds until a thread that computes lets another on, 5 ms by default: a page waits for that after each of
its questions to the store, and there are thirty."""
_RETRY = 10.0  # seconds between tries for the indexer's lock while another process has it
_log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Ways:
    """What an operator set. ``second_readers``: see ``archive.reading.queue``; ``post``: how it sends."""

    limits: Limits = field(default_factory=Limits)
    opening: Opening = CLOSED
    second_readers: float = SECOND_SHARE
    post: Post | None = None


@dataclass(frozen=True, kw_only=True)
class Address:
    """Where to listen, and the address people use where it is another (behind a proxy)."""

    host: str = "127.0.0.1"
    port: int = 8000
    base_url: str | None = None

    @property
    def url(self) -> str:
        """The address to open."""
        host = "127.0.0.1" if self.host in ("0.0.0.0", "::") else self.host  # noqa: S104
        return (self.base_url or f"http://{f'[{host}]' if ':' in host else host}:{self.port}").rstrip("/")

    @property
    def hosts(self) -> tuple[str, ...]:
        """The names a request may call us by."""
        named = {
            *_LOOPBACK,
            f"[{self.host}]" if ":" in self.host else self.host,
            socket.gethostname().lower(),
        }
        if self.base_url and (name := urlsplit(self.base_url).hostname):
            named.add(name)
        return tuple(sorted(named))


def serve(
    store: Store,
    address: Address,
    *,
    on_ready: Callable[[str], None],
    served_at: Mapping[str, str] | None = None,
    ways: Ways = Ways(),
) -> None:
    """Serve until interrupted; ``on_ready`` gets the address once requests are answered.

    ``served_at``: where hosts of invented names are really served, so that links to them can be followed.
    The store must be writable: people sign in. PortTaken when something listens there already.
    """
    sys.setswitchinterval(_SWITCH)
    with _terminated_in_order(), listening(address) as listener, indexing(store):
        port: int = listener.getsockname()[1]
        site = Site(
            store=store,
            index=SearchIndex.of(store),
            base_url=address.base_url,
            served_at=served_at or {},
            limits=ways.limits,
            opening=ways.opening,
            post=ways.post,
            queues=Queues(ways.second_readers),
        )
        config = uvicorn.Config(
            make_app(site, hosts=address.hosts),
            log_config=None,  # what it says goes where the process's log does
            log_level="warning",
            access_log=False,
            server_header=False,
            proxy_headers=bool(address.base_url),
            timeout_graceful_shutdown=5,
            h11_max_incomplete_event_size=32_768,
        )
        ready = Address(host=address.host, port=port, base_url=address.base_url)
        with recounting(site), contextlib.suppress(KeyboardInterrupt):  # uvicorn has stopped in order by then
            _Server(config, lambda: on_ready(ready.url)).run(sockets=[listener])


@contextlib.contextmanager
def _terminated_in_order() -> Iterator[None]:
    """Let SIGTERM, which a service manager sends, end things as Ctrl-C does."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


class _Server(uvicorn.Server):
    """Uvicorn that says when it answers."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then tell."""
        await super().startup(sockets=sockets)
        if not self.should_exit:
            self._ready()


@contextlib.contextmanager
def listening(address: Address) -> Iterator[socket.socket]:
    """A socket that listens there; PortTaken."""
    family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
    # asyncio turns Nagle's delay off only where the protocol is named: 40 ms an answer otherwise.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((address.host, address.port))
    except OSError as error:
        listener.close()
        raise PortTaken(
            f"{address.host}:{address.port} cannot be listened on ({error.strerror or error});"
            " choose another with --port"
        ) from None
    try:
        yield listener
    finally:
        listener.close()


@contextlib.contextmanager
def indexing(store: Store) -> Iterator[None]:
    """Keep the index up to date in a thread, for as long as the block lasts."""
    stop = threading.Event()
    thread = threading.Thread(target=_keep_index, args=(store, stop), name="indexer")
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def _keep_index(store: Store, stop: threading.Event) -> None:
    while not stop.is_set():
        try:
            with open_indexer(store) as indexer:
                indexer.repair()
                indexer.follow(stop)
        except IndexerBusy:
            stop.wait(_RETRY)
        except Exception:
            _log.exception("the indexer stopped; it starts again in a moment")
            stop.wait(_RETRY)


def first_link(store: Store, base: str) -> str | None:
    """The address of a one-time sign-in link for the first operator; None where there are users already."""
    with store.writing() as connection:
        if people.list_users(connection):
            return None
        return f"{base}/sign-in/{people.sign_in_link(connection, at=utc_now())}"
