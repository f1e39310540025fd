"""A job as a process of its own: what breaks in it, or never ends, ends nothing else."""

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import IO, Final

from storage import logs

_LONGEST_ANSWER: Final = 2**20  # bytes that are read of what a job printed


@dataclass(frozen=True, kw_only=True)
class Ended:
    """How a process ended: its exit status, what it printed, and its last line on standard error."""

    status: int
    answer: str
    complaint: str


class Child:
    """One running command of ours; Ctrl-C is not for it, only we end it."""

    def __init__(self, words: Sequence[str], environment: Mapping[str, str]) -> None:
        self._began = time.monotonic()
        self._ended: Ended | None = None
        self._out: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 (open until it has ended)
        self._err: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115
        self._process = subprocess.Popen(  # noqa: S603 (our own commands)
            words,
            stdin=subprocess.PIPE,  # it closes when we are gone, however we went
            stdout=self._out,
            stderr=self._err,
            env=os.environ | dict(environment),
            start_new_session=True,
        )

    @property
    def seconds(self) -> float:
        """How long it has been running."""
        return time.monotonic() - self._began

    def ended(self) -> Ended | None:
        """How it ended; None while it runs."""
        if self._ended is None and (status := self._process.poll()) is not None:
            said = _read(self._err)
            logs.pass_on(said)
            lines = [line for line in said.strip().splitlines() if not line.startswith("{")]
            complaint = lines[-1].removeprefix("onrecord: ")[:300] if lines else ""
            self._ended = Ended(status=status, answer=_read(self._out), complaint=complaint)
            for file in (self._out, self._err, self._process.stdin):
                assert file is not None
                file.close()
        return self._ended

    def ask_to_stop(self) -> None:
        """Press Ctrl-C on it: commands keep what they finished, and end."""
        with contextlib.suppress(ProcessLookupError):
            self._process.send_signal(signal.SIGINT)

    def kill(self) -> None:
        """End it at once, with all it started in its session."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self.ended()


def of_ours(words: Sequence[str]) -> list[str]:
    """One of our commands as a process is called."""
    return [sys.executable, "-m", "onrecord", *words]


def _read(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read(_LONGEST_ANSWER).decode("utf-8", "replace")
