"""How much of the news is about each thing that a person follows."""

from collections.abc import Iterable, Mapping
from typing import Final

from starlette.datastructures import QueryParams

from archive import asking
from archive.narrowed import among
from archive.reading.news import Item, Part
from storage.follows import Follow
from storage.search.errors import NoIndex, QueryFault
from storage.search.searching import SearchIndex

_SEARCHED: Final = 100  # searches counted for one page; each asks the index


def counts(index: SearchIndex, follows: Iterable[Follow], parts: Iterable[Part]) -> Mapping[str, int]:
    """News by follow id, without what cannot be counted: a lead, a search that no longer runs."""
    items = [item for part in parts for item in part.items]
    found, searches = {}, 0
    for follow in follows:
        if follow.what == "lead":
            continue
        if follow.what == "search":
            searches += 1
            among = _among(index, follow.target, items) if searches <= _SEARCHED else None
            if among is not None:
                found[follow.id] = among
            continue
        fitting = {item.id for item in items if getattr(item, follow.what) == follow.target}
        found[follow.id] = len(fitting)
    return found


def _among(index: SearchIndex, target: str, items: Iterable[Item]) -> int | None:
    ids = sorted({item.id for item in items if item.kind != "inspection"})
    try:
        return len(among(index, asking.read_search(QueryParams(target)), ids)) if ids else 0
    except (QueryFault, NoIndex):
        return None
