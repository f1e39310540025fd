"""What fails under a fault: a job that says what it has acknowledged, and what must stand of it then.

A job's ``run`` prints a line for each thing that it acknowledges and may be run again; ``held`` tells what of
these is in the archive. Whatever fails: what was acknowledged is held, a job that ends well holds everything,
nothing is there by half, and once the fault is gone the same job again holds everything, each thing once.
"""

import gzip
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from onrecord.cli import main
from storage import captures, soundness
from storage.evidence import EvidenceFolder
from storage.store import Store


@dataclass(frozen=True, kw_only=True)
class Job:
    """One job; each function is given the folder of its archive, whose parent no fault reaches.

    ``stands``: what was there before and must be held whatever fails.
    """

    name: str
    prepare: Callable[[Path], None]
    run: Callable[[Path], None]
    held: Callable[[Path], list[str]]
    everything: tuple[str, ...]
    stands: tuple[str, ...] = ()


def archive_in(folder: Path) -> Path:
    """Where the archive of a trial lies."""
    return folder / "archive.db"


def wrong(folder: Path) -> list[str]:
    """What is not sound in the archive: pages, keys, tables, logs, evidence; and bytes that no row knows."""
    with Store.at(archive_in(folder)) as store, store.reading() as connection:
        checks = (soundness.database, soundness.orphans, soundness.logs)
        found = [finding.what for check in checks for finding in check(connection)]
        evidence = EvidenceFolder(store.place.evidence)
        found += [one.what for one in soundness.evidence(connection, evidence)]
        ends = captures.ends(connection)
    for path in evidence.path.glob("*.warc.gz"):
        if (size := path.stat().st_size) != ends.get(path.name, 0):
            found.append(f"{path.name}: {size} bytes, {ends.get(path.name, 0)} of them indexed")
        found += _unreadable(path)
    return found


def _unreadable(path: Path) -> list[str]:
    try:
        gzip.decompress(path.read_bytes())
    except (OSError, EOFError) as error:
        return [f"{path.name}: {error}"]
    return []


def command(*arguments: str) -> None:
    """The command line, whose exit status 0 is the acknowledgement; what it lets through is a traceback."""
    sys.argv = ["onrecord", *arguments]
    try:
        main()
    except SystemExit as ended:
        if ended.code:
            raise
    except Exception:
        traceback.print_exc()
        sys.exit(70)


def acknowledge(what: object) -> None:
    """Tell that it is done."""
    print(what, flush=True)  # noqa: T201


def column(folder: Path, query: sa.Select[tuple[str]]) -> list[str]:
    """What a query finds in the archive, in order."""
    with Store.at(archive_in(folder)) as store, store.reading() as connection:
        return sorted(str(one) for one in connection.execute(query).scalars())
