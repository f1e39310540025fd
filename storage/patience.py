"""Waiting for an archive that is busy, or its server away: what left nothing behind is done again."""

import time
from collections.abc import Callable
from typing import Final, TypeVar

from storage.errors import NotNow

T = TypeVar("T")
_PAUSE: Final = 0.5  # seconds between two tries; a restart takes one or two


def patiently(function: Callable[[], T], seconds: float) -> T:
    """Call it, and again while the archive is busy or its server away, for so many seconds; NotNow.

    Only for what does nothing outside the archive that doing it again would do twice.
    """
    deadline = time.monotonic() + seconds
    while True:
        try:
            return function()
        except NotNow:
            if time.monotonic() >= deadline:
                raise
            time.sleep(_PAUSE)
