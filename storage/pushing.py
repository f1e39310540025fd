"""Put finished WARC files into the evidence store, and let go of the copies here where that is wanted.

A file goes there whole, once no writer holds it and every record in it is as the index says; what was put is
read back. Killed at any instant it is done again: a file leaves the folder only after the store gave it back.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from storage import captures, sealed_objects, sealing
from storage.errors import UsageMistake
from storage.evidence import EvidenceFolder
from storage.objects import ObjectStore
from storage.records import SEALED
from storage.store import Store

_ANOTHER = 600.0  # seconds that another process may take to put or to seal a file


@dataclass(kw_only=True)
class Pushed:
    """What came of a push: files put into the store, and dropped here; ``left``: those that could not be."""

    put: list[str] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)
    left: dict[str, str] = field(default_factory=dict)


def push(store: Store, *, drop: bool) -> Pushed:
    """Put every finished file into the store that is not there; EvidenceAway, and what was put stays put.

    ``drop``: remove each file here that the store gives back to the bit. What was erased is erased here
    before, and in the store.
    """
    objects = ObjectStore.of(store.place)
    if objects is None:
        raise UsageMistake('there is no evidence store; name one: evidence_store = "s3://…" in onrecord.toml')
    there = objects.sizes()
    sealed_objects.seal(store, objects, within=_ANOTHER)
    folder = EvidenceFolder.of(store.place)
    with store.reading() as connection:
        sealing.seal(folder, captures.each(connection, record_type=SEALED))
    done = Pushed()
    for path in finished(folder.path):
        if there.get(path.name) == path.stat().st_size and not drop:
            continue
        with sealed_objects.alone(store, path.name, wait=_ANOTHER) as mine:
            fault = _pushed(store, objects, path, done) if mine else "another process is at it"
            if fault:
                done.left[path.name] = fault
            elif drop:
                path.unlink()
                done.dropped.append(path.name)
    return done


def finished(folder: Path) -> Iterator[Path]:
    """The WARC files here that no writer holds, and none held as it was killed: a crawl mends these."""
    for path in sorted(folder.glob("*.warc.gz")):
        if not Path(f"{path}.lock").exists():
            yield path


def _pushed(store: Store, objects: ObjectStore, path: Path, done: Pushed) -> str | None:
    """Have the store hold the file as it is here; why it may not."""
    with store.reading() as connection:
        held = list(captures.each(connection, warc_file=path.name))
    if not held:
        return "the index knows nothing of it"
    damage = next(EvidenceFolder(path.parent).verify(iter(held)), None)
    if damage is not None:
        return damage.reason
    size = path.stat().st_size
    if size > max(one.offset + one.length for one in held):
        return "it holds more than the index knows"
    if _holds(objects, path):
        return None
    objects.put(path, path.name)
    done.put.append(path.name)
    return None


def _holds(objects: ObjectStore, path: Path) -> bool:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    try:
        return objects.digest(path.name) == digest
    except FileNotFoundError:
        return False
