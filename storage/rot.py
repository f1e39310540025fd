"""Which pages of an archive's file, and of its write-ahead log, are not as they were written.

Nobody waits while the file is read: what a writer changed meanwhile looks damaged, so what does is looked at
again, at last under the writer's lock.
"""

import contextlib
import json
import os
import sys
from collections.abc import Collection, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from filelock import FileLock, Timeout

from storage.errors import StorageError
from storage.pages import Digests, Pages, another_process, digest
from storage.wal import Log

_LOCKED: Final = 2**30  # SQLite leaves the page at this byte unused, and no log ever tells of it
_LOOKS: Final = 2  # more without the lock, which a busy crawl seldom leaves
_WAIT: Final = 30.0  # seconds for a writer to end its transaction


@dataclass(frozen=True, kw_only=True)
class Found:
    """What is not as it was written. ``records``: whether the digests themselves can be read."""

    pages: list[int]
    log: str | None
    records: int

    @property
    def nothing(self) -> bool:
        """Whether all is whole."""
        return not (self.pages or self.log or self.records)


def found(archive: Path) -> Found | None:
    """What rotted in an archive that a connection has open; None where it has no digests yet.

    Another process reads the file. StorageError where something looks damaged and a writer lets nobody look
    again.
    """
    told = json.loads(another_process("storage.rot", archive))
    return Found(**told) if told else None


def look(archive: Path) -> Found | None:
    """The same in this process, which must have no connection to the archive."""
    first = _look(archive, None)
    for _ in range(_LOOKS):
        if first is None or first.nothing:
            return first
        first = _look(archive, frozenset(first.pages))
    with contextlib.ExitStack() as stack:
        try:
            stack.enter_context(FileLock(f"{archive}.lock", timeout=_WAIT))
        except Timeout:
            raise StorageError(f"something writes to it all the while (waited {_WAIT:.0f} s)") from None
        except OSError:  # where we may not lock it nobody writes, or somebody of more rights does
            pass
        return _look(archive, frozenset(first.pages)) if first else None


def _look(archive: Path, only: Collection[int] | None) -> Found | None:
    told = Pages(archive).read()
    if told is None:
        return None
    log = Log.of(archive)
    apart = _apart(archive, told, log, only) if told.count else ()
    return Found(pages=list(apart), log=_log_fault(told, log), records=told.bad)


def _log_fault(told: Digests, log: Log | None) -> str | None:
    if log is None:
        return None
    if told.salts == log.salts and told.frame > log.frames:
        return f"of {told.frame} frames that were committed it has {log.frames}"
    return log.broken()


def _apart(archive: Path, told: Digests, log: Log | None, only: Collection[int] | None) -> Iterator[int]:
    """Pages that are not as their records say; one that a frame holds is as the frame has it."""
    framed = _framed(told, log) if log else {}
    folded, size = log is None or log.folded, told.size
    with archive.open("rb") as file:
        counted = int.from_bytes(file.read(32)[28:])
        inside = file.seek(0, os.SEEK_END) // size
        count = min(log.pages if log else counted, max(told.count, inside))
        for page in range(1, count + 1) if only is None else sorted(only):
            file.seek((page - 1) * size)
            content, known = file.read(size), told.of(page)
            if (page - 1) * size == _LOCKED or (page in framed and framed[page] is None):
                continue
            rotten = page in framed and framed[page] != known
            if rotten or ((folded or page not in framed) and digest(content) != known):
                yield page


def _framed(told: Digests, log: Log) -> dict[int, bytes | None]:
    """The digest of each page's last frame; None where a writer was killed before it could record that."""
    done = told.frame if told.salts == log.salts else 0
    return {page: digest(content) if number <= done else None for number, page, content in log.each()}


def _main(archive: Path) -> None:
    try:
        told = look(archive)
    except StorageError as error:
        sys.exit(str(error))
    sys.stdout.write(json.dumps(told and asdict(told)))


if __name__ == "__main__":
    _main(Path(sys.argv[1]))
