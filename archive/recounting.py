"""The recounter: a thread of ``serve`` that counts what all pages share, so that no visitor waits for it.

Tables of counts would have to be right in every write of every process; a thread that reads is wrong for a
moment at the most. It counts what the first visitors will ask for when the archive opens, and again after
each change what was asked for since; it rests ten times as long as it worked, so that a crawl that writes
all day does not have it count all day.
"""

import contextlib
import logging
import threading
import time
from collections.abc import Iterator
from typing import Final

import sqlalchemy as sa

from archive.reading.authorities import authority_lines
from archive.reading.counts import overview
from archive.reading.dashboard import figures
from archive.reading.merging import offered
from archive.reading.mix import mix
from archive.reading.outlets import outlet_lines
from archive.site import Site
from archive.telling import london_day
from storage.dates import utc_now

_PAUSE: Final = 1.0  # seconds at the least between two rounds
_REST: Final = 10.0  # times what a round took
_log = logging.getLogger(__name__)


def first(site: Site, connection: sa.Connection) -> None:
    """Count what the first visitors will ask for."""
    site.kept.of(connection, "overview", overview)
    site.queues.follow(connection)
    today = london_day(utc_now())
    site.kept.of(connection, ("dashboard", today), lambda held: figures(held, today))
    for name, make in (("outlets", outlet_lines), ("authorities", authority_lines), ("mix of all", mix)):
        site.kept.of(connection, name, make)
    site.kept.of(connection, "pairs", offered)


@contextlib.contextmanager
def recounting(site: Site) -> Iterator[None]:
    """Recount in a thread, for as long as the block lasts."""
    stop = threading.Event()
    thread = threading.Thread(target=_recount, args=(site, stop), name="recounter")
    site.kept.recounted = site.queues.followed = True
    thread.start()
    try:
        yield
    finally:
        site.kept.recounted = site.queues.followed = False
        stop.set()
        thread.join()


def _recount(site: Site, stop: threading.Event) -> None:
    pause, counted = 0.0, False
    while not stop.wait(pause):
        begun = time.monotonic()
        try:
            with site.store.reading() as connection:
                if not counted:
                    first(site, connection)
                counted = True
                site.queues.follow(connection)
                site.kept.recount(connection)
        except Exception:
            _log.exception("what all pages share could not be counted; it is tried again in a moment")
        pause = max(_PAUSE, _REST * (time.monotonic() - begun))
