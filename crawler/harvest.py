"""What one fetch gave: the outcome, the bytes, the records to keep, and the addresses it led to."""

import datetime as dt
from dataclasses import dataclass
from typing import Protocol

import sqlalchemy as sa

from crawler.outcomes import Verdict
from storage.frontier import Entry, Found
from storage.warc import Exchange


@dataclass(frozen=True, kw_only=True)
class Origin:
    """Where a record comes from: which source, the address it was found at, and the bytes as captured."""

    source_id: str
    url: str
    capture_id: str | None
    digest: str | None  # SHA-256 of the document, unpacked
    at: dt.datetime


class Keepable(Protocol):
    """A record that knows how it is kept."""

    def save(self, connection: sa.Connection, origin: Origin) -> bool:
        """Keep it in the transaction; whether anything is new."""


@dataclass(frozen=True, kw_only=True)
class Gathered:
    """What was read out of a document; ``verdict`` where it is other than done.

    ``partial``: something of it was left for its date or words; the same bytes may give more another time.
    """

    keep: tuple[Keepable, ...] = ()
    found: tuple[Found, ...] = ()
    verdict: Verdict | None = None
    partial: bool = False


NOTHING = Gathered()


@dataclass(frozen=True, kw_only=True)
class Harvest:
    """One finished fetch, exactly one for each claimed address."""

    entry: Entry
    run_id: str
    verdict: Verdict
    at: dt.datetime
    exchange: Exchange | None = None
    shown: Exchange | None = None  # what a browser made of it, and what was read then
    digest: str | None = None
    gathered: Gathered = NOTHING
    again: dt.datetime | None = None
    etag: str | None = None
    last_modified: str | None = None
