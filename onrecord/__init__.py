"""The front door: command line, settings, schedule, demo, and ``connect`` for programs."""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from onrecord.client.archive import Archive


def connect(place: str | Path, *, token: str | None = None) -> "Archive":
    """The archive at a web address, with a token; or the one in a file or a PostgreSQL database of one's own.

    NoArchive where there is none; a file needs no token, since whoever can read it can read all of it.
    """
    from onrecord.client import archive  # noqa: PLC0415 (commands load what they need when called)

    return archive.connect(place, token=token)
