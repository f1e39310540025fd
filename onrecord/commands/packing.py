"""``onrecord evidence pack``: everything that holds up an article's links, in one ZIP."""

import getpass
from pathlib import Path
from typing import Annotated

import typer

from onrecord.commands.evidence import evidence_app
from onrecord.options import Archive, EvidenceAt, Json, open_store, print_json, say
from storage.dates import utc_now
from storage.errors import UsageMistake
from storage.evidence import EvidenceFolder


@evidence_app.command("pack")
def pack(
    article: Annotated[str, typer.Argument(metavar="ARTICLE", help="Its id, address or external id.")],
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="The ZIP to write.")],
    *,
    archive: Archive = None,
    evidence: EvidenceAt = None,
    as_json: Json = False,
) -> None:
    """Pack page, WARC record, report, explanation and digests into a ZIP; the audit log notes it.

    Example: onrecord evidence pack https://www.example.org/news/story --out story.zip
    """
    from archive import packs
    from archive.site import Site
    from storage.search.searching import SearchIndex

    at = utc_now()
    if out.exists():
        raise UsageMistake(f"{out} is there already; name another file")
    with open_store(archive, evidence, write=True) as store:
        site = Site(store=store, index=SearchIndex.of(store))
        with store.reading() as connection:
            folder = EvidenceFolder.of(store.place)
            made = packs.pack(connection, folder, packs.dress(site), article, at=at)
        with store.writing() as connection:
            packs.note(connection, made, who=getpass.getuser(), at=at)
        _write(out, packs.zipped(made, at))
    if as_json:
        print_json({"file": str(out), "article": made.article_id, "files": sorted(made.files)})
        return
    say(f"{out}: {len(made.files)} files" + "".join(f"\n  {note}" for note in made.notes))


def _write(out: Path, content: bytes) -> None:
    try:
        with out.open("xb") as file:
            file.write(content)
    except OSError as error:
        raise UsageMistake(f"{out}: {error.strerror or error}") from None


def register(app: typer.Typer) -> None:
    """The command stands among those of ``onrecord evidence``, which are added there."""
