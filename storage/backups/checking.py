"""Whether backups are as they were made, without putting one back."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from storage.backups import manifest as manifests
from storage.backups import restoring
from storage.backups.manifest import Manifest
from storage.errors import StorageError
from storage.soundness import Finding

_DO: Final = "make another backup, and look at the disk"


def backups(folder: Path) -> Iterator[Finding]:
    """Every backup in a folder, or the one at that place: what is not as it was made."""
    inside = [path for path in sorted(folder.glob("[!.]*Z*")) if path.is_dir()]
    for backup in [folder] if (folder / manifests.NAME).exists() or not inside else inside:
        for what in _faults(backup):
            yield Finding(check="backup", what=what, do=_DO)


def _faults(backup: Path) -> Iterator[str]:
    try:
        said = manifests.read(backup)
    except StorageError as error:
        yield str(error)
        return
    for fault in manifests.strangers(backup, said):
        yield f"{backup}: {fault}"
    whole = True
    for one in said.files:
        try:
            for _ in restoring.pieces(backup, one):
                pass
        except StorageError as error:
            whole = False
            yield str(error)
    if whole and said.engine == "sqlite":
        yield from _miscounted(backup, said)


def _miscounted(backup: Path, said: Manifest) -> Iterator[str]:
    try:
        restoring.check_database(backup / said.database.path, said)
    except StorageError as error:
        yield f"{backup}: {error}"
