"""What every feed is made of, before it is written in a format."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Final

NEVER: Final = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
"""When a feed changed that never had an entry."""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One entry, in plain text; ``url`` is ours. ``updated`` moves only when what it asserts does."""

    id: str
    url: str
    title: str
    text: str
    published: dt.datetime
    updated: dt.datetime


@dataclass(frozen=True, kw_only=True)
class Gone:
    """An entry that no longer stands, and since when: nothing tells what it was or why it went."""

    id: str
    at: dt.datetime


@dataclass(frozen=True, kw_only=True)
class Feed:
    """One document of a feed. ``links``: relations of RFC 5005 to absolute addresses, ``self`` among them.

    ``archived``: it is an archive document, whose members never change. ``page`` is where people read it.
    """

    id: str
    title: str
    page: str
    links: dict[str, str]
    entries: tuple[Entry, ...]
    gone: tuple[Gone, ...] = ()
    archived: bool = False
    updated: dt.datetime = field(init=False)

    def __post_init__(self) -> None:
        moments = [*(one.updated for one in self.entries), *(one.at for one in self.gone)]
        object.__setattr__(self, "updated", max(moments, default=NEVER))
