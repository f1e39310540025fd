"""Take the captures of WARC files into the evidence: all of a file or nothing, and each file once."""

import datetime as dt
import hashlib
from pathlib import Path

from storage import captures, imports, warc_files
from storage.batches import batches
from storage.errors import UsageMistake
from storage.evidence import EvidenceFolder
from storage.imports import Import
from storage.records import Capture
from storage.staging import Staged
from storage.store import Store


def adopt(store: Store, path: Path, *, at: dt.datetime) -> int:
    """How many captures were taken; 0 for a file that was taken before; RefusedFile for a damaged one."""
    if path.is_dir():
        raise UsageMistake(f"{path}: it is a folder; name the WARC files in it, as {path}/*.warc.gz")
    if not path.is_file():
        raise UsageMistake(f"{path}: there is no such file")
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    made = Import(
        kind="evidence", file_name=path.name, digest=digest, learned_at=at, rows_read=0, rows_kept=0
    )
    with store.reading() as connection:
        if imports.known(connection, made.id):
            return 0
    folder = EvidenceFolder.of(store.place)
    with folder.writer(at=at) as writer, writer.batch() as batch, Staged[Capture]() as kept:
        for exchange in warc_files.exchanges(path):
            kept.add(batch.keep(exchange))
        batch.sync()
        with store.writing() as connection:
            imports.save(connection, made)
            for some in batches(kept):
                captures.save(connection, some)
        return len(kept)
