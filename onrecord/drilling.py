"""The restore drill: a backup is put back into a place of its own, used as a newsroom would, and removed."""

import asyncio
import tempfile
from collections.abc import Iterator, MutableMapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from archive.app import make_app
from archive.site import Site
from storage import captures, changes, people, soundness
from storage.audit import LOGS
from storage.backups import making, restoring
from storage.backups.manifest import Manifest
from storage.dates import utc_now
from storage.errors import UsageMistake
from storage.evidence import EvidenceFolder
from storage.ids import random_id
from storage.place import Place
from storage.schema.press import articles
from storage.search.indexer import open_indexer
from storage.search.searching import SearchIndex
from storage.store import Store


@dataclass(frozen=True, kw_only=True)
class Proof:
    """One thing the drill tried; ``fault`` is empty where it held."""

    what: str
    told: str
    fault: str = ""


@dataclass(frozen=True, kw_only=True)
class Drill:
    """A drill on one backup, with all it tried."""

    backup: Path
    manifest: Manifest
    proofs: tuple[Proof, ...]

    @property
    def passed(self) -> bool:
        """Whether the backup would give the archive back."""
        return not any(proof.fault for proof in self.proofs)


def drill(backup: Path, *, into: str | None = None, objects: str | None = None) -> Drill:
    """Restore the backup into a folder that is removed again, and prove it; the faults of ``restore``.

    ``into``: an empty database, for a backup of PostgreSQL; it keeps what was put into it. ``objects``: the
    evidence store, from which the evidence that the backup does not hold is read.
    """
    with tempfile.TemporaryDirectory(prefix="onrecord-drill-") as folder:
        place = Place.of(
            into or Path(folder) / "archive.db", evidence=Path(folder) / "evidence", objects=objects
        )
        if into and place.path:
            raise UsageMistake(
                "a drill makes a place of its own: --into names an empty PostgreSQL database only"
            )
        restored = restoring.restore(backup, place, at=utc_now())
        with Store(place, write=True) as store:
            return Drill(
                backup=backup, manifest=restored.manifest, proofs=tuple(_proofs(store, restored.manifest))
            )


def _proofs(store: Store, said: Manifest) -> Iterator[Proof]:
    yield Proof(what="bytes", told=f"{len(said.files):,} files, {said.size:,} bytes as they were written")
    with store.reading() as connection:
        yield _found("records", "pages, foreign keys and tables agree", _records(connection))
        rows = sum(said.counts.values())
        yield _found("counts", f"{rows:,} rows as the manifest counts them", _counted(connection, said))
        yield _found("logs", "the chained logs end as they did", _logs(connection, said))
        yield _found("evidence", "every WARC record is whole", _evidence(store, connection, said))
    yield _indexed(store)
    yield _opened(store)


def _found(what: str, told: str, faults: Iterator[str]) -> Proof:
    return Proof(what=what, told=told, fault="; ".join(list(faults)[:3]))


def _records(connection: sa.Connection) -> Iterator[str]:
    for check in (soundness.database, soundness.orphans):
        yield from (finding.what for finding in check(connection))


def _counted(connection: sa.Connection, said: Manifest) -> Iterator[str]:
    found = making.counts(connection)
    for table, rows in said.counts.items():
        if found.get(table) != rows:
            yield f"{table}: {found.get(table)} rows, the manifest says {rows}"
    if changes.last(connection) != said.changes:
        yield f"the change sequence ends at {changes.last(connection)}, the manifest says {said.changes}"


def _logs(connection: sa.Connection, said: Manifest) -> Iterator[str]:
    yield from (finding.what for finding in soundness.logs(connection))
    for name, log in LOGS.items():
        if making.newest(connection, log) != said.logs.get(name):
            yield f"the log of {name} ends otherwise than the manifest says"


def _evidence(store: Store, connection: sa.Connection, said: Manifest) -> Iterator[str]:
    """What the archive itself had lost when it was backed up is no fault of the backup."""
    lost = frozenset(said.damaged)
    for damage in EvidenceFolder.of(store.place).verify(captures.each(connection)):
        if damage.capture.id not in lost:
            yield damage.reason


def _indexed(store: Store) -> Proof:
    with open_indexer(store) as indexer:
        indexer.repair()
        size = indexer.size
    faults = (finding.what for finding in soundness.index(store))
    return _found("index", f"built anew: {size:,} articles and reports", faults)


def _opened(store: Store) -> Proof:
    """The newest article's page, as somebody who is signed in opens it; of an empty archive the first."""
    with store.writing() as connection:
        newest = sa.select(articles.c.id).where(articles.c.restriction.is_(None))
        article = connection.scalar(newest.order_by(articles.c.first_seen.desc()).limit(1))
        user = people.add_user(connection, random_id("drill"), "reader", at=utc_now())
        secret = people.start_session(connection, user, at=utc_now())
    path = f"/articles/{article}" if article else "/"
    status = asyncio.run(_status(store, path, secret))
    return Proof(what="page", told=f"{path} opens", fault="" if status == 200 else f"{path} answers {status}")


async def _status(store: Store, path: str, secret: str) -> int:
    """The status of one page, asked for as a server would ask; nothing listens."""
    app = make_app(Site(store=store, index=SearchIndex.of(store)), hosts=["localhost"])
    scope: dict[str, Any] = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": b"",
        "headers": [(b"host", b"localhost"), (b"cookie", f"onrecord-session={secret}".encode())],
        "client": ("127.0.0.1", 0),
        "server": ("localhost", 80),
    }
    told: list[int] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            told.append(message["status"])

    await app(scope, receive, send)
    return told[0]
