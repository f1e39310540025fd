"""Fail the Nth write, sync or opening of a job, for every N until it completes; then take the fault away.

Run with the shim of ``failing.c`` preloaded (``tests.faults.shim``): every trial is a fork of this process,
which has everything imported, on a copy of the job's folder.
"""

import contextlib
import ctypes
import errno
import functools
import importlib
import json
import os
import random
import shutil
import signal
import sys
import tempfile
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import typer.main
from sqlalchemy.exc import DBAPIError

from onrecord.application import app
from storage.errors import OnRecordError
from storage.store import Store
from tests.faults.job import Job, archive_in, wrong
from tests.faults.jobs import JOBS
from tests.faults.kept import PACKAGES, Kept

OURS = (*PACKAGES, "tests/faults", "tests/storage/judging.py", "tests/archive/world.py")
SECONDS = 60  # within which a job ends, failed or not
MOST = 2_000  # operations of one job; it has some dozens
_WRITE, _SYNC, _OPEN, _READ, _ANY_OPEN, _REMOVE, _BYTES = (1 << number for number in range(7))
_KILLED = 0  # no error: the process ends there as by a SIGKILL
TORN = ("WARC append", "crawl commit")
"""The jobs that write WARC files."""
TEARS = 1_000  # instants within the bytes of its WARC files at which a job is killed


@dataclass(frozen=True, kw_only=True)
class Fault:
    """Which calls fail, with what error, and whether all that follow do."""

    name: str
    calls: int
    error: int
    lasting: bool = False

    def __str__(self) -> str:
        return f"{self.name}{', lasting' if self.lasting else ''}"


_READ_ONLY = Fault(
    name="EROFS at whatever changes",
    calls=_WRITE | _OPEN | _REMOVE | _SYNC,
    error=errno.EROFS,
    lasting=True,
)
FAULTS = (
    Fault(name="ENOSPC at write", calls=_WRITE, error=errno.ENOSPC, lasting=True),
    Fault(name="EIO at sync", calls=_SYNC, error=errno.EIO),
    Fault(name="EIO at write", calls=_WRITE, error=errno.EIO),
    _READ_ONLY,
    Fault(name="SIGKILL at whatever changes", calls=_WRITE | _SYNC | _OPEN | _REMOVE, error=_KILLED),
    Fault(name="EMFILE at open", calls=_ANY_OPEN, error=errno.EMFILE),
    Fault(name="EIO at read", calls=_READ, error=errno.EIO),
    Fault(name="EMFILE at open", calls=_ANY_OPEN, error=errno.EMFILE, lasting=True),
    Fault(name="EIO at sync", calls=_SYNC, error=errno.EIO, lasting=True),
    Fault(name="ENOSPC at write", calls=_WRITE, error=errno.ENOSPC),
    Fault(name="ENOSPC at sync", calls=_SYNC, error=errno.ENOSPC),
    Fault(name="EIO at write or remove", calls=_WRITE | _REMOVE, error=errno.EIO, lasting=True),
    Fault(name="EIO at read", calls=_READ, error=errno.EIO, lasting=True),
)
TEARING = Fault(name="SIGKILL within a WARC file", calls=_BYTES, error=_KILLED)
FEW = FAULTS[:7]
"""What is tried where not every operation is: by each job every other one of these."""


@dataclass(frozen=True, kw_only=True)
class Ended:
    """How a forked job ended: None where it had to be killed; what it printed and said."""

    status: int | None
    printed: list[str]
    said: str
    seen: int = 0  # operations of the fault's kind, as far as it came
    met: bool = False  # whether there was an Nth operation


def main(kept: str, few: int, *names: str) -> None:
    """Try each job, or those named, under each fault; with ``few`` above 0, at so many operations of each."""
    counts = Kept(Path(kept), *OURS)
    typer.main.get_command = functools.cache(typer.main.get_command)  # a third of a short command's time
    with tempfile.TemporaryDirectory() as made:
        for number, job in enumerate(JOBS):
            if names and job.name not in names:
                continue
            whole = Path(made) / job.name.replace(" ", "-")
            whole.mkdir()
            _checked(_forked(lambda job=job, whole=whole: _prepare(job, whole), whole))  # type: ignore[misc]
            _load(job, whole)
            for fault in FEW[number % 2 :: 2] if few else FAULTS:
                _sample(counts, job, fault, whole, few) if few else _try(counts, job, fault, whole)
            if job.name in TORN:
                _sample(counts, job, TEARING, whole, few or TEARS)
            shutil.rmtree(whole)


def _sample(counts: Kept, job: Job, fault: Fault, whole: Path, times: int) -> None:
    """Try the fault at so many of the job's operations (of ``TEARING``: of its bytes), spread over it."""
    chance, size = random.Random(f"{job.name}: {fault}"), _seen(job, fault, whole)
    for nth in sorted(chance.sample(range(1, size + 1), min(times, size))):
        group, trial = f"{job.name}: {fault}", f"operation {nth}"
        if (group, trial) not in counts:
            met, found = _trial_on_copy(job, fault, nth, whole)
            counts.add(group, trial, found if met else [*found, "it was not met"])


def _seen(job: Job, fault: Fault, whole: Path) -> int:
    """How many of the fault's operations the whole job has."""
    folder = _copy(whole)
    try:
        return _checked(_forked(lambda: job.run(folder), folder, arming=(fault, sys.maxsize))).seen
    finally:
        shutil.rmtree(folder.parent)


def _copy(whole: Path) -> Path:
    """A job's folder for one trial, in a folder that no fault reaches."""
    folder = whole.with_name("trial") / "at"
    shutil.copytree(whole, folder)
    return folder


def _trial_on_copy(job: Job, fault: Fault, nth: int, whole: Path) -> tuple[bool, list[str]]:
    folder = _copy(whole)
    try:
        return _trial(job, fault, nth, folder)
    finally:
        shutil.rmtree(folder.parent)


def _load(job: Job, whole: Path) -> None:
    """Import here what the job imports, so that no fork has to."""
    folder = _copy(whole)
    done = _checked(_forked(lambda: _tell_modules(job, folder), folder))
    shutil.rmtree(folder.parent)
    for name in json.loads(done.printed[-1]):
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    typer.main.get_command(app)


def _tell_modules(job: Job, folder: Path) -> None:
    _recover(job, folder)
    print(json.dumps(list(sys.modules)))  # noqa: T201


def _prepare(job: Job, folder: Path) -> None:
    Store.at(archive_in(folder), write=True).close()
    job.prepare(folder)


def _try(counts: Kept, job: Job, fault: Fault, whole: Path) -> None:
    """Try the fault at every operation, until there is none of that number."""
    for nth in range(1, MOST):
        group, trial = f"{job.name}: {fault}", f"operation {nth}"
        end = (group, "the end")
        if end in counts:
            return
        if (group, trial) in counts:
            continue
        met, found = _trial_on_copy(job, fault, nth, whole)
        counts.add(group, trial if met else "the end", found)


def _trial(job: Job, fault: Fault, nth: int, folder: Path) -> tuple[bool, list[str]]:
    """Whether there was an Nth operation to fail, and which guarantees did not hold."""
    ended = _forked(lambda: job.run(folder), folder, arming=(fault, nth))
    found = list(_unsaid(ended, fault))
    after = _forked(lambda: _recover(job, folder), folder)
    if after.status != 0:
        return ended.met, [*found, f"did not recover: {after.said[-300:]}"]
    held, recovered, unsound = json.loads(after.printed[-1])
    told = {line for line in ended.printed if line in job.everything}
    lost = {*told, *job.stands} - set(held)
    if lost:
        found.append(f"acknowledged and lost: {sorted(lost)}")
    if ended.status == 0 and Counter(held) != Counter(job.everything):
        found.append(f"ended well with {held}")
    if half := Counter(held) - Counter(job.everything):
        found.append(f"by half or twice: {sorted(half)}")
    if Counter(recovered) != Counter(job.everything):
        found.append(f"after recovery: {recovered}")
    return ended.met, found + unsound


def _recover(job: Job, folder: Path) -> None:
    """Tell what the fault has left, what the same job again makes of it, and what is not sound then."""
    left = job.held(folder)
    job.run(folder)
    print(json.dumps([left, job.held(folder), wrong(folder)]))  # noqa: T201


def _unsaid(ended: Ended, fault: Fault) -> Iterator[str]:
    """A job that fails says so in a line and by its status; one that hangs was killed."""
    if fault.error == _KILLED and ended.status == -signal.SIGKILL:
        return
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
        seen = int(met.read_text()) if met.exists() else 0
        return Ended(
            status=status,
            printed=out.read_text().splitlines(),
            said=err.read_text(),
            seen=seen,
            met=status == -signal.SIGKILL or seen >= (arming[1] if arming else 1),
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
    main(sys.argv[1], int(sys.argv[2]), *sys.argv[3:])
