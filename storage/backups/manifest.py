"""What a backup says of itself: every file with its length and digest, and what the archive held then.

The manifest is written last and carries a digest of its own, so that a backup that has one is whole. It is
read as what a stranger may have written: every field has its type, and a name leads nowhere but into the
backup.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal

from pydantic import TypeAdapter, ValidationError

from storage import sqlite
from storage.errors import NewerArchive, StorageError
from storage.ids import digest_of

Engine = Literal["sqlite", "postgresql"]

FORMAT: Final = 1
NAME: Final = "manifest.json"
DATABASES: Final[Mapping[Engine, str]] = {"sqlite": "archive.db", "postgresql": "archive.dump"}
_LARGEST: Final = 256 * 2**20  # bytes; a million WARC files have a manifest of this size
_NAMES: Final = re.compile(
    r"archive\.(db|dump)|settings/onrecord\.toml|(sources|evidence)/[^/\\.\x00-\x1f][^/\\\x00-\x1f]*"
)


class BadBackup(StorageError):
    """The backup is not what was written, or is none of ours; the message names the file."""


@dataclass(frozen=True, kw_only=True)
class BackedFile:
    """A file by its name in the backup; ``records``: of a WARC, the digest of what the index has of it."""

    path: str
    length: int
    sha256: str
    records: str | None = None


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """A backup of one moment. ``erasures``: the number of the newest takedown or erasure in the audit log.

    ``changes``: the newest number of the change sequence; ``counts``: rows by table; ``logs``: the newest
    hash of each chained log; ``damaged``: captures whose bytes were not whole in the archive either;
    ``elsewhere``: WARC files that only the evidence store held, which this backup does not.
    """

    format: int
    made_by: str
    engine: Engine
    taken_at: str
    schema: str
    changes: int
    erasures: int
    counts: dict[str, int]
    logs: dict[str, str]
    files: list[BackedFile]
    damaged: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)

    @property
    def database(self) -> BackedFile:
        """The file of the records."""
        return next(one for one in self.files if one.path == DATABASES[self.engine])

    @property
    def size(self) -> int:
        """All bytes."""
        return sum(one.length for one in self.files)

    def under(self, folder: str) -> list[BackedFile]:
        """The files of one of the backup's folders."""
        return [one for one in self.files if one.path.startswith(f"{folder}/")]

    def write(self, backup: Path) -> None:
        """Sign the backup off."""
        said = _ADAPTER.dump_python(self, mode="json")
        target = backup / NAME
        target.write_text(json.dumps({"sha256": _digest(said), "manifest": said}, indent=1) + "\n")
        sqlite.sync(target)


_ADAPTER: Final = TypeAdapter(Manifest)


def read(backup: Path) -> Manifest:
    """What the backup at that place says of itself; BadBackup, NewerArchive."""
    path = backup / NAME
    try:
        if path.is_symlink() or path.stat().st_size > _LARGEST:
            raise BadBackup(f"{path} is no manifest of ours; take another backup")
        signed = json.loads(path.read_text())
        said, digest = signed["manifest"], signed["sha256"]
        if said["format"] > FORMAT:
            raise NewerArchive(f"{backup} was made by a newer version of On Record; upgrade the program")
        if digest != _digest(said):
            raise BadBackup(f"{path} was altered since the backup was made; take another backup")
        made = _ADAPTER.validate_json(json.dumps(said), strict=True)
    except (OSError, ValueError, LookupError, TypeError, RecursionError, ValidationError) as error:
        reason = "it has none" if isinstance(error, FileNotFoundError) else "it cannot be read"
        raise BadBackup(f"{backup} is no whole backup: its manifest, {NAME}: {reason}") from None
    _check_names(backup, made)
    return made


def strangers(backup: Path, made: Manifest) -> Iterator[str]:
    """Files in a backup that its manifest does not name, each with what is wrong."""
    known = {NAME, *(one.path for one in made.files)}
    for path in sorted(backup.rglob("[!.]*")):
        name = path.relative_to(backup).as_posix()
        if not path.is_dir() and name not in known:
            yield f"{name} is no file of this backup"


def _check_names(backup: Path, made: Manifest) -> None:
    names = [one.path for one in made.files]
    for name in names:
        if not _NAMES.fullmatch(name):
            raise BadBackup(f"{backup}: {name!r} is no name of a backup's file; nothing was restored")
    if len(set(names)) < len(names) or DATABASES[made.engine] not in names:
        raise BadBackup(f"{backup}: its manifest does not name the archive, once; nothing was restored")
    if any(one.length < 0 for one in made.files):
        raise BadBackup(f"{backup}: its manifest gives a length below nothing; nothing was restored")


def _digest(said: Mapping[str, Any]) -> str:
    return digest_of(json.dumps(said, sort_keys=True, separators=(",", ":")).encode())
