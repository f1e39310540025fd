"""How a loop is told to stop: a signal rings, and waiting ends at once."""

import os
import select
import signal
from typing import Any


class Bell:
    """Rung by SIGTERM and SIGINT once it is hung up; a pipe, because a handler may take no lock."""

    def __init__(self) -> None:
        self.rung = False
        self._heard, self._rope = os.pipe()
        os.set_blocking(self._rope, False)

    def hang(self) -> None:
        """Have the signals that end a service ring it; of the main thread only."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self.ring)

    def ring(self, *_: Any) -> None:
        """Tell the loop to stop."""
        self.rung = True
        os.write(self._rope, b".")

    def wait(self, seconds: float) -> None:
        """Wait, at most until it rings."""
        select.select([self._heard], [], [], seconds)
