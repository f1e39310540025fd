"""A process that writes to an archive, entry after entry, until its input ends, and tells what became of each.

Odd entries are written in a transaction of their own, as a page of the archive writes; even ones by
``Store.write``, as a crawl does. One JSON line an entry: ``{"entry": 3, "became": "kept"}``.
"""

import json
import sys
import threading

import sqlalchemy as sa

from storage import audit
from storage.dates import utc_now
from storage.errors import ServerAway, StorageError
from storage.store import Store


def main(address: str, first: str) -> None:
    ended = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.read(), ended.set()), daemon=True).start()
    number = int(first)
    with Store.at(address, write=True) as store:
        while not ended.is_set():
            sys.stdout.write(json.dumps({"entry": number, "became": _became(store, number)}) + "\n")
            sys.stdout.flush()
            number += 1


def _became(store: Store, number: int) -> str:
    def note(connection: sa.Connection) -> None:
        audit.note(connection, "noted", "archive", f"entry-{number}", who="writer", at=utc_now())

    try:
        if number % 2:
            with store.writing() as connection:
                note(connection)
        else:
            store.write(note)
    except ServerAway:
        return "refused"
    except StorageError as error:
        return f"{type(error).__name__}: {error}"
    return "kept"


if __name__ == "__main__":
    main(*sys.argv[1:])
