"""Waiting for a server that is away: what left nothing behind is done again when it is back."""

import time
from collections.abc import Callable
from typing import Final, TypeVar

from storage.errors import ServerAway

T = TypeVar("T")
_PAUSE: Final = 0.5  # seconds between two tries; a restart takes one or two


def patiently(function: Callable[[], T], seconds: float) -> T:
    """Call it, and again while the server is away, for so many seconds; ServerAway after them.

    Only for what does nothing outside the archive that doing it again would do twice.
    """
    deadline = time.monotonic() + seconds
    while True:
        try:
            return function()
        except ServerAway:
            if time.monotonic() >= deadline:
                raise
            time.sleep(_PAUSE)
