"""A quotation index on disk: what was made once is mapped into memory, not made again.

The folder holds the texts in one file that only grows, the sorted runs in files that never change, and
``current.npz``, which names them and is put in place last, at once: a reader sees the index before or after
a change, and what a writer left half done is not named. All of it can be deleted at any time. Nothing read
from it is executed.
"""

import contextlib
import os
import secrets
import sys
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from filelock import FileLock, Timeout

from linker.quotations import Held, QuotationIndex
from linker.shingles import Segment
from linker.spool import Spool

_FORMAT = f"1 {sys.byteorder}"
"""Raised when words are numbered or kept in another way: then an index that was kept is of no use."""
_NAMED, _LOCK, _TEXTS, _RUNS = "current.npz", "lock", "texts", "runs"
_FINDINGS = "findings.json"
_TORN = (OSError, ValueError, KeyError, IndexError, EOFError, zipfile.BadZipFile, zlib.error)


class QuotationFolder:
    """Where the index of an archive is kept; ``archive`` tells it from any other's."""

    def __init__(self, root: Path, archive: str) -> None:
        self.root, self.archive = root, archive

    @property
    def findings(self) -> Path:
        """Where what the same reports say beside their words is kept (``linker.finding_file``)."""
        return self.root / _FINDINGS

    @property
    def is_kept(self) -> bool:
        """Whether something was kept there, torn or not."""
        return (self.root / _NAMED).exists()

    @contextlib.contextmanager
    def held(self) -> Iterator[bool]:
        """Hold the writer's lock; False where another process has it, or the folder cannot be written."""
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            lock = FileLock(self.root / _LOCK, timeout=0)
            lock.acquire()
        except (Timeout, OSError):
            yield False
            return
        try:
            yield True
        finally:
            lock.release()

    def load(self) -> tuple[QuotationIndex, dict[str, str]] | None:
        """The index and each report's stamp; None where there is none, or it is torn or another's."""
        try:
            with (self.root / _NAMED).open("rb") as file, np.load(file, allow_pickle=False) as named:
                return self._read(named)
        except _TORN:
            return None

    def save(self, index: QuotationIndex, stamps: Mapping[str, str]) -> None:
        """Keep the index, and each report's stamp; the lock must be held. OSError where there is no room."""
        held = index.held
        texts = self._place(held.texts.path, _TEXTS)
        held.texts.write(texts)
        runs = [self._place(one.path, _RUNS) for one in held.segments]
        for segment, path in zip(held.segments, runs, strict=True):
            if segment.path != path:
                segment.write(path)
        begins, first = held.texts.blocks
        self._name(
            format=_FORMAT,
            archive=self.archive,
            reports=[one or "" for one in held.reports],
            stamps=[stamps[one] if one else "" for one in held.reports],
            begins=np.asarray(held.begins, np.int64),
            end=held.end,
            texts=texts.name,
            texts_end=held.texts.end,
            texts_begins=np.asarray(begins, np.uint64),
            texts_first=np.asarray(first, np.uint64),
            runs=[path.name for path in runs],
            runs_first=np.asarray([one.first for one in held.segments], np.int64),
            runs_count=np.asarray([len(one) for one in held.segments], np.int64),
        )
        self._remove_but({_NAMED, _LOCK, _FINDINGS, texts.name, *(path.name for path in runs)})

    def _read(self, named: Mapping[str, Any]) -> tuple[QuotationIndex, dict[str, str]] | None:
        if (str(named["format"]), str(named["archive"])) != (_FORMAT, self.archive):
            return None
        runs = (named[name].tolist() for name in ("runs", "runs_first", "runs_count"))
        segments = [
            Segment.mapped(self._path(name), first, count) for name, first, count in zip(*runs, strict=True)
        ]
        texts = Spool.over(
            self._path(str(named["texts"])),
            int(named["texts_end"]),
            named["texts_begins"].tolist(),
            named["texts_first"].tolist(),
        )
        reports = [one or None for one in named["reports"].tolist()]
        begins, end = named["begins"].tolist(), int(named["end"])
        held = Held(reports=reports, texts=texts, begins=begins, end=end, segments=segments)
        stamps = zip(reports, named["stamps"].tolist(), strict=True)
        return QuotationIndex(held), {one: stamp for one, stamp in stamps if one}

    def _name(self, **named: Any) -> None:
        """Put the files in use, all at once."""
        draft = self._fresh(_NAMED)
        with draft.open("wb") as file:
            np.savez(file, allow_pickle=False, **{name: np.asarray(one) for name, one in named.items()})
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self.root / _NAMED)

    def _place(self, path: Path | None, what: str) -> Path:
        """Where it lies here, or may."""
        return path if path and path.parent == self.root else self._fresh(what)

    def _path(self, name: str) -> Path:
        """A file of the folder; ValueError for a name that leads out of it."""
        if Path(name).name != name:
            raise ValueError(f"{name!r} is no name of a file here")
        return self.root / name

    def _fresh(self, what: str) -> Path:
        return self.root / f"{what}-{secrets.token_hex(6)}"

    def _remove_but(self, names: set[str]) -> None:
        """Remove what is not in use; on POSIX systems a reader may go on reading it."""
        for path in self.root.iterdir():
            if path.name not in names:
                with contextlib.suppress(OSError):
                    path.unlink()
