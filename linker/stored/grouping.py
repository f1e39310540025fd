"""Which stored articles are one story: only what is new or changed is compared with the others."""

import datetime as dt

from linker.stories import Body, sketch
from storage import sketches, stories
from storage.batches import batches
from storage.store import Store

_BATCH = 50  # articles a transaction: with thirty copies each, under a second


def group(store: Store, at: dt.datetime) -> set[str]:
    """Group new and changed articles; every article whose story may have changed."""
    with store.reading() as connection:
        waiting = sketches.stale(connection)
    touched: set[str] = set()
    for batch in batches(waiting, _BATCH):
        with store.reading() as connection:
            texts = sketches.texts(connection, batch)
        sketched = {id_: (one.version, sketch(one.text)) for id_, one in texts.items()}
        with store.writing() as connection:
            before = {one for pair in sketches.pairs_of(connection, batch) for one in pair}
            sketches.keep(connection, sketched)
            pairs = sketches.meeting(connection, batch)
            others = sketches.texts(connection, {id_ for pair in pairs for id_ in pair} - texts.keys())
            sketches.keep_pairs(connection, _alike(pairs, texts | others))
            touched |= stories.regroup(connection, [*batch, *sorted(before)], at)
    return touched


def _alike(pairs: set[tuple[str, str]], texts: dict[str, sketches.Text]) -> dict[tuple[str, str], float]:
    bodies = {id_: Body(one.text, one.outlet) for id_, one in texts.items()}
    compared = {
        (one, other): bodies[one].likeness(bodies[other])
        for one, other in sorted(pairs)
        if one in bodies and other in bodies
    }
    return {pair: likeness for pair, likeness in compared.items() if likeness > 0}
