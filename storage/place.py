"""Where an archive is: a path (SQLite) or a URL (PostgreSQL), and the folders that lie beside it."""

from dataclasses import dataclass
from pathlib import Path

from storage.errors import UsageMistake

_SERVERS = ("postgresql://", "postgres://", "postgresql+psycopg://")


@dataclass(frozen=True, kw_only=True)
class Place:
    """An archive's address: ``path`` for the embedded store, ``url`` for a server."""

    path: Path | None
    url: str | None
    index: Path
    evidence: Path
    quotations: Path
    objects: str | None = None
    """The evidence store, where finished WARC files lie too; see ``storage.objects``."""

    @classmethod
    def of(
        cls, address: str | Path, *, evidence: str | Path | None = None, objects: str | None = None
    ) -> "Place":
        """Read what ``--archive`` and ``--evidence`` say; UsageMistake for an address of neither kind."""
        text = str(address)
        if text.startswith(_SERVERS):
            url = "postgresql+psycopg://" + text.split("://", 1)[1]
            beside = Path(text.rsplit("/", 1)[-1].split("?", maxsplit=1)[0] or "onrecord").absolute()
            return cls(path=None, url=url, objects=objects or None, **_folders(beside, evidence))
        if "://" in text:
            raise UsageMistake(f"{text}: an archive is a path or a postgresql:// address")
        path = Path(text).expanduser().absolute()
        return cls(path=path, url=None, objects=objects or None, **_folders(path, evidence))

    def __str__(self) -> str:
        return str(self.path) if self.path else "the PostgreSQL archive"


def note_of(place: Place) -> Path:
    """Where a restore notes that it swaps the archive, until it is done."""
    return place.index.with_suffix(".swapping")


def _folders(path: Path, evidence: str | Path | None) -> dict[str, Path]:
    """The folders beside an archive; the index and the quotations can be made anew from it at any time."""
    beside = {name: path.with_name(f"{path.name}.{name}") for name in ("index", "evidence", "quotations")}
    if evidence:
        beside["evidence"] = Path(evidence).expanduser().absolute()
    return beside
