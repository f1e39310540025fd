"""``onrecord serve``, ``index`` and ``search``: the web archive, its index, and a search by hand."""

import contextlib
from typing import TYPE_CHECKING, Annotated

import typer

from onrecord import config
from onrecord.options import Archive, EvidenceAt, Json, open_store, print_json, say, warn

if TYPE_CHECKING:
    from storage.search.found import Results
    from storage.search.hits import Hit
    from storage.store import Store


def serve(
    archive: Archive = None,
    evidence: EvidenceAt = None,
    host: Annotated[str, typer.Option(help="The address to listen at.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65_535, help="The port; 0 takes a free one.")] = 8000,
    as_json: Json = False,
) -> None:
    """Serve the web archive and keep its index up to date, until stopped with Ctrl-C.

    Example: onrecord serve --port 8600
    """
    from archive import serving
    from storage import logs

    logs.set_up()
    from onrecord.settled import ways

    with open_store(archive, evidence, write=True) as store:

        def ready(url: str) -> None:
            link = serving.first_link(store, url)
            if as_json:
                print_json({"url": url, "sign_in": link})
                return
            say(f"The archive is at {url}  (Ctrl-C stops it)")
            if link:
                say(f"Nobody has an account yet. Sign in, once, within a day:\n  {link}")

        settings = config.load()
        address = serving.Address(host=host, port=port, base_url=settings.base_url)
        serving.serve(store, address, on_ready=ready, ways=ways(settings))


def index(
    archive: Archive = None,
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Build it anew and swap it in.")] = False,
    unless_served: Annotated[
        bool, typer.Option("--unless-served", help="Leave it to `serve` where that keeps it.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Bring the search index up to date with the archive.

    Example: onrecord index --rebuild
    """
    from storage.search.errors import IndexerBusy
    from storage.search.indexer import open_indexer

    try:
        with open_store(archive) as store, open_indexer(store) as indexer:
            done = indexer.rebuild() if rebuild else indexer.repair()
            total = indexer.size
    except IndexerBusy:
        if rebuild or not unless_served:
            raise
        return
    if as_json:
        print_json({"indexed": done.indexed, "removed": done.removed, "held": done.held, "documents": total})
    elif done.rebuilt:
        say(f"The index is new: {total} articles and reports.")
    else:
        say(f"The index is up to date: {done.indexed} indexed, {done.removed} removed, {total} in all.")


def search(
    query: Annotated[list[str], typer.Argument(help='Words, "phrases", -not, OR, prefix*, field:value.')],
    archive: Archive = None,
    page: Annotated[int, typer.Option(min=1, help="Which page of results.")] = 1,
    size: Annotated[int, typer.Option(min=1, max=100, help="Results on a page.")] = 10,
    as_json: Json = False,
) -> None:
    """Search articles and reports.

    Example: onrecord search 'judgement:inadequate place:bolton after:2023 linked:no'
    """
    from storage.search.found import Search
    from storage.search.searching import SearchIndex

    with open_store(archive) as store:
        _catch_up(store)
        asked = Search(query=" ".join(query), page=page, size=size)
        results = SearchIndex.of(store).search(asked)
    if as_json:
        print_json(_as_json(results))
        return
    for note in results.notes:
        warn(note)
    if results.suggestion:
        warn(f"Did you mean {results.suggestion.query}? It finds {results.suggestion.total}.")
    for hit in results.hits:
        _print(hit)
    say(f"{results.total} found; page {results.page} of {results.pages}.")


def _catch_up(store: "Store") -> None:
    """Bring the index up to date, unless another process does."""
    from storage.search.errors import IndexerBusy
    from storage.search.indexer import open_indexer

    with contextlib.suppress(IndexerBusy), open_indexer(store) as indexer:
        indexer.repair()


def _print(hit: "Hit") -> None:
    title = "".join(piece.text for piece in hit.title) or "Untitled"
    snippet = " ".join("".join(piece.text for piece in hit.snippet).split())
    record = (*hit.urns, *hit.authorities, *hit.judgements, *hit.providers)
    facts = " · ".join((hit.outlet or hit.kind, hit.published or "undated", hit.link, *record))
    for line in (title, f"  {facts}", f"  {snippet}", f"  {hit.id}\n"):
        say(_plain(line))


def _plain(text: str) -> str:
    """The text without characters that would steer a terminal."""
    return "".join(letter if letter.isprintable() or letter == "\n" else " " for letter in text)


def _as_json(results: "Results") -> dict[str, object]:
    hits = [
        {
            "id": hit.id,
            "kind": hit.kind,
            "title": "".join(piece.text for piece in hit.title),
            "snippet": "".join(piece.text for piece in hit.snippet),
            "outlet": hit.outlet,
            "published": hit.published,
            "link": hit.link,
            "urns": list(hit.urns),
            "local_authorities": list(hit.authorities),
            "providers": list(hit.providers),
            "judgements": list(hit.judgements),
        }
        for hit in results.hits
    ]
    facets = {name: dict(values) for name, values in results.facets.items()}
    return {
        "total": results.total,
        "page": results.page,
        "pages": results.pages,
        "notes": list(results.notes),
        "suggestion": results.suggestion.query if results.suggestion else None,
        "hits": hits,
        "facets": facets,
    }


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command()(serve)
    app.command()(index)
    app.command()(search)
