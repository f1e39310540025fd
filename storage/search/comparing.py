"""Whether the index holds what the store does, by what each document is told by: its id and its digest."""

import tantivy

from storage import changes
from storage.search.documents import stamps
from storage.search.fields import prepare
from storage.search.folder import IndexFolder
from storage.store import Store

HELD = "#held"
"""The id of the document that carries the newest number of the change sequence that the index holds."""


def differing(store: Store) -> list[str] | None:
    """Ids that the index holds otherwise than the store; None where there is none, or it is behind."""
    generation = IndexFolder(store.place.index).current()
    if generation is None:
        return None
    index = prepare(tantivy.Index.open(str(generation)))
    with store.reading() as connection:
        if held(index) != changes.last(connection):
            return None
        return apart(stamps(connection), stamped(index))


def apart(wanted: dict[str, str], found: dict[str, str]) -> list[str]:
    """Ids of what is missing, other or too much."""
    missing = [id_ for id_, stamp in wanted.items() if found.get(id_) != stamp]
    return missing + [id_ for id_ in found if id_ not in wanted]


def held(index: tantivy.Index) -> int:
    """The newest number of the change sequence that the index holds; 0 in an empty one."""
    searcher = index.searcher()
    found = searcher.search(tantivy.Query.term_query(index.schema, "id", HELD, "basic"), 1).hits
    return int(searcher.doc(found[0][1])["held"][0]) if found else 0


def held_in(folder: IndexFolder) -> int:
    """The same of the index in use; 0 where there is none."""
    generation = folder.current()
    return held(prepare(tantivy.Index.open(str(generation)))) if generation else 0


def stamped(index: tantivy.Index) -> dict[str, str]:
    """For each document in the index: its id, and what tells that it is that one."""
    everything = tantivy.Query.all_query()
    found = index.searcher().terms_with_prefix("stamp", "", filter_query=everything)
    return {stamp.split(" ")[0]: stamp for stamp, _ in found}
