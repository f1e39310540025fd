"""Whether the files of the index in use are as they were written.

Each of tantivy's files ends with a checksum of all before, which tantivy itself does not look at when it
reads. What tells of these files, ``meta.json``, has none: it is held against today's fields, and its counts
against the documents.
"""

import json
import tempfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import tantivy

from storage.search.comparing import stamped
from storage.search.fields import prepare, schema
from storage.search.folder import IndexFolder

_MAGIC: Final = (1337).to_bytes(4, "little")
_PIECE: Final = 1 << 20
_META: Final = "meta.json"
_TRIES: Final = 3  # an indexer that merges takes files away that were just named


def faults(folder: IndexFolder) -> list[str]:
    """What is wrong, by file; nothing where there is no index."""
    found: list[str] = []
    for _ in range(_TRIES):
        generation = folder.current()
        if generation is None:
            return ["current: it names no index that is there"] if folder.is_lost() else []
        before = _said(generation)
        found = list(_faults(generation))
        if not found or (folder.current() == generation and _said(generation) == before):
            break
    return found


def _said(generation: Path) -> bytes:
    try:
        return (generation / _META).read_bytes()
    except OSError:
        return b""


def _faults(generation: Path) -> Iterator[str]:
    try:
        said = json.loads(_said(generation))
        segments = [one["segment_id"].replace("-", "") for one in said["segments"]]
        known = {name: said[name] for name in ("schema", "index_settings")}
    except (ValueError, LookupError, TypeError, AttributeError):
        yield f"{_META}: it cannot be read"
        return
    if known != _expected(known):
        yield f"{_META}: its fields are not those that were written"
        return
    torn = [
        path.name for one in segments for path in sorted(generation.glob(f"{one}.*")) if not _is_whole(path)
    ]
    yield from (f"{name}: its bytes are not those of its checksum" for name in torn)
    if not torn:
        yield from _miscounted(generation)


def _expected(known: dict[str, Any]) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as made:
        tantivy.Index(schema(), path=made)
        said = json.loads(_said(Path(made)))
    return {name: said[name] for name in known}


def _is_whole(path: Path) -> bool:
    """Whether the checksum in the file's last bytes is that of all before."""
    try:
        with path.open("rb") as file:
            size = file.seek(-8, 2)
            length, magic = int.from_bytes(file.read(4), "little"), file.read(4)
            if magic != _MAGIC or length > size:
                return False
            file.seek(size - length)
            told, crc, left = json.loads(file.read(length))["crc"], 0, size - length
            file.seek(0)
            while left and (piece := file.read(min(_PIECE, left))):
                crc, left = zlib.crc32(piece, crc), left - len(piece)
    except (OSError, ValueError, LookupError, TypeError):
        return False
    return not left and crc == told


def _miscounted(generation: Path) -> Iterator[str]:
    try:
        index = prepare(tantivy.Index.open(str(generation)))
        counted, told = index.searcher().num_docs, len(stamped(index))
    except ValueError as error:
        yield f"it cannot be opened: {' '.join(str(error).split())}"
        return
    if counted != told + 1:  # the sequence number has a document of its own
        yield f"{_META}: it counts {counted} documents, and {told + 1} are there"
