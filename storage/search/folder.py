"""The index's folder: generations side by side, and one small file that names the one in use.

A rebuilt index is a new generation; naming it is one atomic rename, and what was erased is gone with the
old generation's files, which on POSIX systems a reader may go on using until its next search.
"""

import contextlib
import os
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path

from filelock import FileLock, Timeout

from storage.search.errors import IndexerBusy
from storage.search.fields import VERSION

_NAMED = "current"


class IndexFolder:
    """Where an archive's index lies."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def current(self) -> Path | None:
        """The generation in use; None where there is none of today's fields."""
        name = self._named()
        known = name.startswith(f"v{VERSION}-") and "/" not in name
        return self.root / name if known and (self.root / name).is_dir() else None

    def is_lost(self) -> bool:
        """Whether a generation is named that is not there."""
        name = self._named()
        return (self.root / _NAMED).exists() and not (name and (self.root / name).is_dir())

    def _named(self) -> str:
        try:
            name = (self.root / _NAMED).read_bytes()
        except FileNotFoundError:
            return ""
        return name.decode(errors="replace").replace("\0", "\ufffd").strip()

    def fresh(self) -> Path:
        """An empty generation, named only when it is whole."""
        generation = self.root / f"v{VERSION}-{secrets.token_hex(6)}"
        generation.mkdir(parents=True)
        return generation

    def publish(self, generation: Path) -> None:
        """Put a generation in use and remove the others; the indexer's lock must be held."""
        draft = self.root / f"{_NAMED}.new"
        with draft.open("w") as file:
            file.write(generation.name + "\n")
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self.root / _NAMED)
        for other in self.root.glob("v*-*"):
            if other != generation:
                shutil.rmtree(other, ignore_errors=True)

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """Hold the indexer's lock; IndexerBusy when another process keeps the index, or nobody can."""
        lock = FileLock(self.root / "indexer.lock", timeout=0)
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            lock.acquire()
        except Timeout:
            raise IndexerBusy(
                f"{self.root}: another process keeps the index up to date (`onrecord serve`?);"
                " stop it first, or leave the work to it"
            ) from None
        except OSError as error:
            raise IndexerBusy(f"{self.root} cannot be written to: {error.strerror or error}") from None
        try:
            yield
        finally:
            lock.release()
