"""Put the parts of a restored archive in their places: all of them, or what stood there before stays.

No file system swaps an archive and its folders at one instant, so a note beside the archive says that a swap
has begun. Killed before the records are swapped, the next restore puts back what stood there; nobody opens
the archive meanwhile.
"""

import json
import os
import shutil
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from storage import sqlite
from storage.place import Place, note_of

_BESIDE = ("-wal", "-shm")


@dataclass(frozen=True, kw_only=True)
class Drafts:
    """Where the parts of the archive lie until all are whole."""

    database: Path
    evidence: Path
    settings: Path

    @classmethod
    def of(cls, place: Place) -> "Drafts":
        """Beside where they go."""
        base = place.path or place.index.with_suffix(".dump")
        return cls(
            database=base.with_name(f"{base.name}.restoring"),
            evidence=place.evidence.with_name(f"{place.evidence.name}.restoring"),
            settings=base.with_name(f"{base.name}.settings.restoring"),
        )

    def path(self, name: str) -> Path:
        """Where a file of the backup is put."""
        folder, _, rest = name.partition("/")
        if not rest:
            return self.database
        return self.evidence / rest if folder == "evidence" else self.settings / name

    def clear(self) -> None:
        """Remove them all."""
        self.database.unlink(missing_ok=True)
        shutil.rmtree(self.evidence, ignore_errors=True)
        shutil.rmtree(self.settings, ignore_errors=True)


class Swap:
    """A swap of the drafts into a place; ``mark`` ends the names of what stood there."""

    def __init__(self, place: Place, mark: str) -> None:
        self.place, self.mark, self.drafts = place, mark, Drafts.of(place)
        self.settings = self.drafts.settings.with_name(f"{place.index.stem}.settings")
        self.aside: list[Path] = []

    def run(self) -> None:
        """Put every part in its place, the records last; whatever fails, what stood there is put back."""
        note, pairs = note_of(self.place), self._pairs()
        note.write_text(json.dumps({"mark": self.mark, "parts": [draft.name for draft, _ in pairs]}))
        sqlite.sync(note)
        try:
            self._exchange(pairs)
            if self.place.path:
                self._replace(self.place.path)
        except BaseException:
            self._settle(pairs)
            raise
        self._end()

    def settle(self, parts: Collection[str]) -> None:
        """After a kill: put back what stood there, or end what was all but done."""
        self._settle([pair for pair in self._both() if pair[0].name in parts])

    def _both(self) -> list[tuple[Path, Path]]:
        return [(self.drafts.evidence, self.place.evidence), (self.drafts.settings, self.settings)]

    def _pairs(self) -> list[tuple[Path, Path]]:
        return [pair for pair in self._both() if pair[0].is_dir()]

    def _settle(self, pairs: Sequence[tuple[Path, Path]]) -> None:
        if self.drafts.database.exists():
            self._put_back(pairs)
            note_of(self.place).unlink()
        else:  # the records are the backup's already
            self._exchange([pair for pair in pairs if pair[0].exists()])
            self._end()

    def _put_back(self, pairs: Sequence[tuple[Path, Path]]) -> None:
        for draft, path in pairs:
            if not draft.exists():
                path.rename(draft)
            if not path.exists() and self._kept(path).exists():
                self._kept(path).rename(path)
        if self.place.path:
            self._put_back_records(self.place.path)

    def _put_back_records(self, path: Path) -> None:
        kept = self._kept(path)
        for end in _BESIDE:
            if Path(f"{kept}{end}").exists():
                Path(f"{kept}{end}").rename(f"{path}{end}")
        if path.exists():
            kept.unlink(missing_ok=True)  # another name of the same file
        elif kept.exists():
            kept.rename(path)

    def _exchange(self, pairs: Sequence[tuple[Path, Path]]) -> None:
        for draft, path in pairs:
            if path.exists():
                self.aside.append(path.rename(self._kept(path)))
            draft.rename(path)
            sqlite.sync_folder(path.parent)

    def _replace(self, path: Path) -> None:
        """The old file keeps a name and its log; the new one takes its place at once."""
        if path.exists():
            kept = self._kept(path)
            try:
                os.link(path, kept)
            except OSError:  # a file system without hard links
                path.rename(kept)
            self.aside.append(kept)
            for end in _BESIDE:
                if Path(f"{path}{end}").exists():
                    Path(f"{path}{end}").rename(f"{kept}{end}")
        os.replace(self.drafts.database, path)
        sqlite.sync(path)

    def _end(self) -> None:
        # Both are made anew from the records; an indexer that runs sees that its own is no longer named.
        (self.place.index / "current").unlink(missing_ok=True)
        shutil.rmtree(self.place.quotations, ignore_errors=True)
        note_of(self.place).unlink()

    def _kept(self, path: Path) -> Path:
        return path.with_name(f"{path.name}.{self.mark}")


def settle(place: Place) -> None:
    """Set right what a killed restore has left in a place; nothing where none was killed."""
    note = note_of(place)
    if not note.exists():
        return
    try:
        said = json.loads(note.read_text())
    except ValueError:  # killed while it was written: nothing was begun
        note.unlink()
        return
    Swap(place, said["mark"]).settle(said["parts"])
