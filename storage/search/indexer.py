"""The one indexer: follows the store's change sequence and keeps the index as the store is.

The last sequence number it holds is a document of the index itself, so that it is committed together with
what it stands for: a crash between two commits repeats work and never loses any.
"""

import contextlib
import logging
import re
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import tantivy

from storage import changes
from storage.errors import OnRecordError
from storage.search import comparing
from storage.search.affected import documents_touched
from storage.search.documents import documents, stamps
from storage.search.errors import IndexFailed
from storage.search.fields import prepare, schema
from storage.search.folder import IndexFolder
from storage.store import Store

_HEAP = 60_000_000  # bytes tantivy may gather before it writes a segment
_DOCUMENTS = ("article", "report")
_CHANGES_AT_ONCE = 5_000
_BATCH = 500
_OF_THE_DISK = re.compile(r"os error|io_?error|io::error|\bIO error|writer was killed", re.IGNORECASE)
_ENDED = (ValueError, RuntimeError)
"""What a writer says to being ended: that its last work failed; that it was ended before, by a rebuild."""
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Caught:
    """What a round of indexing did."""

    indexed: int
    removed: int
    held: int
    rebuilt: bool = False


class Indexer:
    """Keeps the index; made by ``open_indexer``, which holds the lock."""

    def __init__(self, store: Store, folder: IndexFolder) -> None:
        self.store, self.folder = store, folder
        self._use(folder.current() or self._build())

    def catch_up(self) -> Caught:
        """Bring the index to the end of the change sequence; a rebuild where something was erased."""
        return self._or_rebuilt(self._catch_up)

    def repair(self) -> Caught:
        """Compare the index with the store and mend what differs; for the start of a process."""
        return self._or_rebuilt(self._repair)

    def _or_rebuilt(self, work: Callable[[], Caught]) -> Caught:
        """The work; a rebuild where what a commit on a full disk left is in the way of every later one."""
        try:
            return work()
        except ValueError as error:
            if "FileAlreadyExists" not in str(error):
                raise
            return self.rebuild()

    def _catch_up(self) -> Caught:
        if self.folder.current() != self._generation:  # somebody deleted it under us
            return self.rebuild()
        indexed = removed = 0
        while True:
            with self.store.reading() as connection:
                entries = changes.since(connection, self.held, limit=_CHANGES_AT_ONCE)
                if not entries:
                    return Caught(indexed, removed, self.held)
                changed = [(what, id_) for _, what, id_, _ in entries]
                if any(what in _DOCUMENTS and change == "erased" for _, what, _, change in entries):
                    return self.rebuild()
                touched = documents_touched(connection, self.index, changed)
            kept, gone = self._replace(touched)
            self._commit(entries[-1][0])
            indexed, removed = indexed + kept, removed + gone

    def _repair(self) -> Caught:
        with self.store.reading() as connection:
            wanted, last = stamps(connection), changes.last(connection)
        if self.held > last:  # the store is an older one, restored: its sequence says nothing of the index
            return self.rebuild()
        caught = self._catch_up()
        with self.store.reading() as connection:
            wanted = stamps(connection)
        differing = comparing.apart(wanted, comparing.stamped(self.index))
        if not differing:
            return caught
        kept, gone = self._replace(differing)
        self._commit(self.held)
        return Caught(caught.indexed + kept, caught.removed + gone, self.held, caught.rebuilt)

    def rebuild(self) -> Caught:
        """Build a new generation from the store and swap it in; nothing erased is left in it."""
        generation = self._build()
        with contextlib.suppress(*_ENDED):  # whatever the old one ends with, it is removed
            self._writer.wait_merging_threads()
        self._use(generation)
        return Caught(self.size, 0, self.held, rebuilt=True)

    @property
    def size(self) -> int:
        """How many articles and reports the index holds."""
        return self.index.searcher().num_docs - 1  # the sequence number's own document

    def follow(self, stop: threading.Event, *, every: float = 1.0) -> None:
        """Catch up every so many seconds until told to stop."""
        while not stop.wait(every):
            try:
                with _refusals_told():
                    self.catch_up()
            except (OnRecordError, OSError) as error:
                _log.error("the index could not be brought up to date: %s", error)
                with contextlib.suppress(*_ENDED):
                    self._writer.rollback()  # one whose thread met a fault takes nothing more

    def close(self) -> None:
        """Let the merges finish."""
        with contextlib.suppress(RuntimeError):  # a rebuild that failed half-way has ended it
            self._writer.wait_merging_threads()

    def _build(self) -> Path:
        generation = self.folder.fresh()
        index = prepare(tantivy.Index(schema(), path=str(generation)))
        writer = index.writer(_HEAP, 1)
        with self.store.reading() as connection:
            last = changes.last(connection)
            for _, document in documents(connection, list(stamps(connection))):
                writer.add_document(document)
        _write_held(writer, last)
        writer.commit()
        writer.wait_merging_threads()
        self.folder.publish(generation)
        return generation

    def _use(self, generation: Path) -> None:
        self._generation = generation
        self.index = prepare(tantivy.Index.open(str(generation)))
        self._writer = self.index.writer(_HEAP, 1)
        self.index.reload()
        self.held = comparing.held(self.index)

    def _replace(self, ids: Sequence[str]) -> tuple[int, int]:
        """Delete and add again; returns how many are there now and how many are not any more."""
        kept = 0
        for start in range(0, len(ids), _BATCH):
            batch = ids[start : start + _BATCH]
            for id_ in batch:
                self._writer.delete_documents_by_term("id", id_)
            with self.store.reading() as connection:
                for _, document in documents(connection, batch):
                    self._writer.add_document(document)
                    kept += 1
        return kept, len(ids) - kept

    def _commit(self, held: int) -> None:
        self._writer.delete_documents_by_term("id", comparing.HELD)
        _write_held(self._writer, held)
        self._writer.commit()
        self.index.reload()
        self.held = held


@contextlib.contextmanager
def open_indexer(store: Store) -> Iterator[Indexer]:
    """The indexer of a store's archive, alone for as long as it is open; IndexerBusy otherwise."""
    folder = IndexFolder(store.place.index)
    with folder.held(), _refusals_told():
        indexer = Indexer(store, folder)
        try:
            yield indexer
        finally:
            indexer.close()


@contextlib.contextmanager
def _refusals_told() -> Iterator[None]:
    """IndexFailed for what the disk refuses, which tantivy tells as a ValueError among others."""
    try:
        yield
    except ValueError as error:
        if not _OF_THE_DISK.search(str(error)):
            raise
        said = " ".join(str(error).split())
        raise IndexFailed(f"the index cannot be written: {said}; look at the disk and repeat") from error


def _write_held(writer: tantivy.IndexWriter, held: int) -> None:
    document = tantivy.Document()
    document.add_text("id", comparing.HELD)
    document.add_integer("held", held)
    writer.add_document(document)
