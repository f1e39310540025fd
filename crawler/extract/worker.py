"""The child's side of the pool: take one job after another from a pipe, each under its own time cap.

Run as ``python -m crawler.extract.worker FD``; the parent's side is ``crawler.extract.pool``.
"""

import contextlib
import math
import pickle
import resource
import signal
import sys
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

from crawler.errors import ExtractionFailed, TooMuchMemory, Unreadable
from storage.errors import OnRecordError

_GRACE = 5.0  # seconds after the parent's own time cap: only a child whose parent is gone gets there


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What one document may cost: seconds by the clock, seconds of CPU, bytes of address space."""

    wall: float = 30.0
    cpu: float = 20.0
    memory: int = 1 << 30


def work(connection: Connection) -> None:
    """Answer jobs until the parent closes the pipe, with (True, result) or (False, exception).

    First comes the path of modules, then for each job its limits and the job itself.
    """
    sys.path[:] = pickle.loads(connection.recv_bytes())  # noqa: S301 (our own parent wrote it)
    while True:
        try:
            limits = pickle.loads(connection.recv_bytes())  # noqa: S301
            job = connection.recv_bytes()
        except EOFError:
            return
        _cap(limits)
        answer = _answer(job)
        signal.setitimer(signal.ITIMER_REAL, 0)
        connection.send_bytes(pickle.dumps(answer, pickle.HIGHEST_PROTOCOL))


def _cap(limits: Limits) -> None:
    """The kernel's own caps: SIGXCPU and SIGALRM, unhandled, end the process."""
    with contextlib.suppress(ValueError, OSError):  # some systems refuse it; time is capped everywhere
        resource.setrlimit(resource.RLIMIT_AS, (limits.memory, resource.RLIM_INFINITY))
    used = resource.getrusage(resource.RUSAGE_SELF)
    until = math.ceil(used.ru_utime + used.ru_stime + limits.cpu)
    resource.setrlimit(resource.RLIMIT_CPU, (until, resource.RLIM_INFINITY))
    signal.setitimer(signal.ITIMER_REAL, limits.wall + _GRACE)


def _answer(job: bytes) -> tuple[bool, Any]:
    try:
        function, content, arguments = pickle.loads(job)  # noqa: S301
        return True, function(content, *arguments)
    except OnRecordError as error:
        return False, error
    except MemoryError:
        return False, TooMuchMemory("it needs more memory than the cap allows")
    except RecursionError:
        return False, Unreadable("it is nested too deeply")
    except Exception as error:
        return False, ExtractionFailed(f"it cannot be read ({type(error).__name__}: {error})")


if __name__ == "__main__":
    with Connection(int(sys.argv[1])) as pipe, contextlib.suppress(BrokenPipeError):
        work(pipe)
