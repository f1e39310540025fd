"""Take what was just changed by hand into the index."""

import contextlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from storage.store import Store


def index_now(store: "Store") -> None:
    """Bring the index up to date, unless another process keeps it: that does so within a second."""
    from storage.search.errors import IndexerBusy  # noqa: PLC0415 (it loads the search engine)
    from storage.search.indexer import open_indexer  # noqa: PLC0415

    with contextlib.suppress(IndexerBusy), open_indexer(store) as indexer:
        indexer.catch_up()
