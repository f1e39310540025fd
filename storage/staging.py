"""Records that wait on the disk until the whole of a file was read, so that they are never all in memory."""

import pickle
import tempfile
from collections.abc import Iterator
from typing import IO, Generic, Self, TypeVar

T = TypeVar("T")


class Staged(Generic[T]):
    """Picklable records in the order in which they were put in; no other process sees them."""

    def __init__(self) -> None:
        self._file: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - open until the records are taken
        self._count = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[T]:
        """Every record, from the first; nothing may be put in meanwhile."""
        self._file.seek(0)
        for _ in range(self._count):
            yield pickle.load(self._file)  # noqa: S301 (we wrote it ourselves)

    def add(self, record: T) -> None:
        """Put a record behind the others."""
        pickle.dump(record, self._file, pickle.HIGHEST_PROTOCOL)
        self._count += 1
