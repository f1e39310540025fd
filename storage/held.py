"""Since when nobody can write to an archive: another program holds it, for moments or for good."""

import threading
import time
from collections.abc import Callable

from storage.store import Store

TOO_LONG = 300.0
"""Seconds after which whoever holds it will not let go by itself."""


class Held:
    """What is seen by looking now and then; who was free only between two looks counts as held."""

    def __init__(self, ticks: Callable[[], float] = time.monotonic) -> None:
        self._ticks = ticks
        self._since: float | None = None
        self._lock = threading.Lock()

    def seconds(self, store: Store) -> float:
        """Look; for how long nobody could write, 0 where somebody can."""
        free = store.is_free()
        with self._lock:
            if free:
                self._since = None
                return 0.0
            if self._since is None:
                self._since = self._ticks()
            return self._ticks() - self._since
