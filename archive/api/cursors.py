"""Cursors: where a list goes on, opaque to whoever holds one.

A cursor holds the key of the last line that was given, so that lines which arrive meanwhile neither shift
the rest nor double it.
"""

import base64
import binascii
import json
from typing import Final

from archive.errors import Unfit

_LONGEST: Final = 1_000


def made(of: str, place: str | int) -> str:
    """The cursor of the list ``of`` behind ``place``."""
    told = json.dumps([of, place], separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(told).decode().rstrip("=")


def text_place(of: str, cursor: str | None) -> str:
    """The key of the last line given; empty at the beginning. Unfit."""
    place = "" if cursor is None else _place(of, cursor)
    if not isinstance(place, str):
        raise _no_cursor(of)
    return place


def number_place(of: str, cursor: str | None) -> int:
    """The number of the last line given; 0 at the beginning. Unfit."""
    place = 0 if cursor is None else _place(of, cursor)
    if not isinstance(place, int) or not 0 <= place < 2**62:
        raise _no_cursor(of)
    return place


def _place(of: str, cursor: str) -> object:
    try:
        if len(cursor) > _LONGEST:
            raise ValueError
        told = json.loads(base64.b64decode(cursor + "=" * (-len(cursor) % 4), b"-_", validate=True))
        held, place = told
    except (ValueError, TypeError, RecursionError, binascii.Error):
        raise _no_cursor(of) from None
    if held != of or isinstance(place, bool) or (isinstance(place, str) and "\0" in place):
        raise _no_cursor(of)
    found: object = place
    return found


def _no_cursor(of: str) -> Unfit:
    told = f"it is no cursor of {of}; take `next` of an answer, or leave it out to begin"
    return Unfit("The cursor does not fit.", [{"in": "query", "name": "cursor", "told": told}])
