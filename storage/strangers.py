"""What lies in the folder of evidence and in no record: a file, or bytes behind the last record of one."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from storage import captures
from storage.evidence import QUARANTINE
from storage.store import Store


def found(store: Store) -> list[str]:
    """What each is, by name. A crawl goes on meanwhile: what it finished since is asked for once more."""
    suspects = set(_unknown(store.place.evidence, _ends(store)))
    return sorted(suspects.intersection(_unknown(store.place.evidence, _ends(store)))) if suspects else []


def _ends(store: Store) -> Mapping[str, int]:
    with store.reading() as connection:
        return captures.ends(connection)


def _unknown(folder: Path, ends: Mapping[str, int]) -> Iterator[str]:
    """A file with a lock is a writer's, or that of a killed one, which the next crawl sets right."""
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if path.name.startswith(".") or path.suffix == ".lock" or path.name == QUARANTINE:
            continue
        if Path(f"{path}.lock").exists():
            continue
        if path.name not in ends:
            yield f"{path.name}: no record of the archive lies in it"
        elif (more := path.stat().st_size - ends[path.name]) > 0:
            yield f"{path.name}: {more:,} bytes lie behind its last record"
