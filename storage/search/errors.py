"""What can go wrong with a search.

storage.errors.UsageMistake
└── QueryFault      the query cannot run; the message says why and what to write instead
storage.errors.StorageError
├── NoIndex         there is no index yet
├── IndexFailed     the disk refuses to take the index
└── IndexerBusy     another process keeps the index, or it lies where nothing can be written
"""

from storage.errors import StorageError, UsageMistake


class QueryFault(UsageMistake):
    """The query cannot run; the message tells the person what to write instead.

    ``instead`` is the part that was at fault, as a query for that text; None where there is none.
    """

    def __init__(self, told: str, *, instead: str | None = None) -> None:
        super().__init__(told)
        self.instead = instead


class NoIndex(StorageError):
    """There is no index yet, or it is one of another version."""


class IndexFailed(StorageError):
    """The disk refuses; the index is as it was, and can be made anew from the archive at any time."""


class IndexerBusy(StorageError):
    """The indexer's lock cannot be had."""
