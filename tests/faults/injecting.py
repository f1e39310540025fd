"""Fail the Nth write, sync or opening of a job, for every N until it completes; then take the fault away.

Run with the shim of ``failing.c`` preloaded (``tests.faults.shim``): every trial is a fork of this process,
which has everything imported, on a copy of the job's folder.
"""

import contextlib
import ctypes
import errno
import importlib
import json
import os
import shutil
import signal
import sys
import tempfile
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from storage.errors import OnRecordError
from storage.store import Store
from tests.faults.jobs import JOBS, Job, archive_in, wrong
from tests.faults.kept import Kept

SECONDS = 60  # within which a job ends, failed or not
MOST = 2_000  # operations of one job; it has some dozens
_WRITE, _SYNC, _OPEN = 1, 2, 4


@dataclass(frozen=True, kw_only=True)
class Fault:
    """Which calls fail, with what error, and whether all that follow do."""

    calls: int
    error: int
    lasting: bool = False

    def __str__(self) -> str:
        name = {_WRITE: "write", _SYNC: "sync", _OPEN: "open"}[self.calls]
        return f"{errno.errorcode[self.error]} at {name}{', lasting' if self.lasting else ''}"


FAULTS = (
    Fault(calls=_WRITE, error=errno.ENOSPC, lasting=True),
    Fault(calls=_SYNC, error=errno.EIO),
    Fault(calls=_WRITE, error=errno.EIO),
    Fault(calls=_OPEN, error=errno.EROFS, lasting=True),
    Fault(calls=_SYNC, error=errno.EIO, lasting=True),
    Fault(calls=_WRITE, error=errno.ENOSPC),
    Fault(calls=_OPEN, error=errno.EMFILE),
    Fault(calls=_SYNC, error=errno.ENOSPC),
    Fault(calls=_WRITE, error=errno.EIO, lasting=True),
)
FEW = FAULTS[:4]
"""What is tried where not every operation is."""


@dataclass(frozen=True, kw_only=True)
class Ended:
    """How a forked job ended: None where it had to be killed; what it printed and said."""

    status: int | None
    printed: list[str]
    said: str
    met: bool = False  # whether there was an Nth operation


def main(kept: str, every: int) -> None:
    """Try each job under each fault; with ``every`` above 1, so many operations apart."""
    counts = Kept(Path(kept))
    with tempfile.TemporaryDirectory() as made:
        for job in JOBS:
            whole = Path(made) / job.name.replace(" ", "-")
            whole.mkdir()
            _checked(_forked(lambda job=job, whole=whole: _prepare(job, whole), whole))  # type: ignore[misc]
            _load(job, whole)
            for number, fault in enumerate(FAULTS if every == 1 else FEW):
                _try(counts, job, fault, whole, range(1 + number % every, MOST, every))
            shutil.rmtree(whole)


def _load(job: Job, whole: Path) -> None:
    """Import here what the job imports, so that no fork has to."""
    folder = whole.with_name("trial")
    shutil.copytree(whole, folder)
    done = _checked(_forked(lambda: _tell_modules(job, folder), folder))
    shutil.rmtree(folder)
    for name in json.loads(done.printed[-1]):
        with contextlib.suppress(ImportError):
            importlib.import_module(name)


def _tell_modules(job: Job, folder: Path) -> None:
    _recover(job, folder)
    print(json.dumps(list(sys.modules)))  # noqa: T201


def _prepare(job: Job, folder: Path) -> None:
    Store.at(archive_in(folder), write=True).close()
    job.prepare(folder)


def _try(counts: Kept, job: Job, fault: Fault, whole: Path, operations: range) -> None:
    for nth in operations:
        group, trial = f"{job.name}: {fault}", f"operation {nth}"
        end = (group, "the end")
        if end in counts:
            return
        if (group, trial) in counts:
            continue
        folder = whole.with_name("trial")
        shutil.copytree(whole, folder)
        try:
            met, found = _trial(job, fault, nth, folder)
        finally:
            shutil.rmtree(folder)
        counts.add(group, trial if met else "the end", found)


def _trial(job: Job, fault: Fault, nth: int, folder: Path) -> tuple[bool, list[str]]:
    """Whether there was an Nth operation to fail, and which guarantees did not hold."""
    ended = _forked(lambda: job.run(folder), folder, arming=(fault, nth))
    found = list(_unsaid(ended))
    after = _forked(lambda: _recover(job, folder), folder)
    if after.status != 0:
        return ended.met, [*found, f"did not recover: {after.said[-300:]}"]
    held, recovered, unsound = json.loads(after.printed[-1])
    lost = Counter(line for line in ended.printed if line in job.everything) - Counter(held)
    if lost:
        found.append(f"acknowledged and lost: {sorted(lost)}")
    if ended.status == 0 and Counter(held) != Counter(job.everything):
        found.append(f"ended well with {held}")
    if Counter(recovered) != Counter(job.everything):
        found.append(f"after recovery: {recovered}")
    return ended.met, found + unsound


def _recover(job: Job, folder: Path) -> None:
    """Tell what the fault has left, what the same job again makes of it, and what is not sound then."""
    left = job.held(folder)
    job.run(folder)
    print(json.dumps([left, job.held(folder), wrong(folder)]))  # noqa: T201


def _unsaid(ended: Ended) -> Iterator[str]:
    """A job that fails says so in a line and by its status; one that hangs was killed."""
    if ended.status is None:
        yield f"still running after {SECONDS} s"
    elif ended.status < 0:
        yield f"ended by signal {-ended.status}"
    elif ended.status != 0 and len(ended.said.strip().splitlines()) != 1:
        yield f"exit {ended.status}, said: {ended.said[-300:]!r}"


def _checked(ended: Ended) -> Ended:
    if ended.status != 0:
        raise RuntimeError(f"a step without a fault failed: {ended.said}")
    return ended


def _forked(work: Callable[[], None], folder: Path, *, arming: tuple[Fault, int] | None = None) -> Ended:
    """Do it in a fork of this process, perhaps under a fault below that folder."""
    with tempfile.TemporaryDirectory() as told:
        out, err, met = (Path(told) / name for name in ("out", "err", "met"))
        child = os.fork()
        if child == 0:
            _be_the_child(work, folder, arming, (out, err, met))
        status = _waited(child)
        return Ended(
            status=status,
            printed=out.read_text().splitlines(),
            said=err.read_text(),
            met=met.exists() and int(met.read_text()) >= (arming[1] if arming else 1),
        )


def _be_the_child(
    work: Callable[[], None], folder: Path, arming: tuple[Fault, int] | None, told: tuple[Path, Path, Path]
) -> None:
    shim = ctypes.CDLL(None)
    for number, path in enumerate(told[:2], start=1):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT), number)
    signal.alarm(SECONDS)
    status = 70
    try:
        if arming:
            fault, nth = arming
            below = os.fsencode(folder)
            shim.faults_arm(below, fault.calls, ctypes.c_long(nth), fault.error, int(fault.lasting))
        work()
        status = 0
    except SystemExit as ended:
        status = 1 if isinstance(ended.code, str) else int(ended.code or 0)
        sys.stderr.write(ended.code if isinstance(ended.code, str) else "")
    except (OnRecordError, DBAPIError, OSError) as error:  # a library's caller tells it, as a command does
        status = 1
        sys.stderr.write(str(error).splitlines()[0])
    except BaseException:
        traceback.print_exc()
    shim.faults_disarm()
    with contextlib.suppress(OSError):
        told[2].write_text(str(shim.faults_seen()))
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(status)


def _waited(child: int) -> int | None:
    """Its exit status, negative for a signal; None where it ran too long."""
    _, ended = os.waitpid(child, 0)
    status = os.waitstatus_to_exitcode(ended)
    return None if status == -signal.SIGALRM else status


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
