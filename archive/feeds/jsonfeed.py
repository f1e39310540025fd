"""A feed as JSON Feed 1.1; entries that went stand in an extension, ``_deleted``, by id and moment."""

import json
from typing import Any, Final

from archive.feeds.atom import moment
from archive.feeds.characters import fit, line
from archive.feeds.shape import Feed

TYPE: Final = "application/feed+json; charset=utf-8"
_OLDER: Final = ("next", "prev-archive")
"""Relations whose document holds older entries; JSON Feed knows no other way on."""


def written(feed: Feed) -> bytes:
    """The whole document."""
    told: dict[str, Any] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": line(feed.title),
        "home_page_url": feed.page,
        "feed_url": feed.links["self"],
        "language": "en-GB",
        "authors": [{"name": "On Record"}],
        "items": [
            {
                "id": entry.id,
                "url": entry.url,
                "title": line(entry.title),
                "content_text": fit(entry.text),
                "date_published": moment(entry.published),
                "date_modified": moment(entry.updated),
            }
            for entry in feed.entries
        ],
    }
    older = next((feed.links[relation] for relation in _OLDER if relation in feed.links), None)
    if older is not None:
        told["next_url"] = older
    told["_deleted"] = {"items": [{"id": gone.id, "when": moment(gone.at)} for gone in feed.gone]}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()
