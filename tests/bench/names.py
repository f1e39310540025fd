"""A noisy name among a register of many: our index against rapidfuzz over all of them."""

import random
import time

from rapidfuzz import fuzz, process

from linker.names import NameIndex
from storage.names import organisation_key
from tests.bench.side_by_side import Way, compare, show
from tests.linker.invented_names import invented_register, noisy


def run(size: int = 100_000, asked: int = 2_000) -> str:
    """The table, with the CPU seconds that building the index took."""
    rng = random.Random(7)
    register = invented_register(rng, size)
    items = [(noisy(rng, name), provider) for provider, name in rng.sample(register, asked)]
    organisation_key.cache_clear()
    begin = time.process_time()
    index = NameIndex.build(register)
    built = time.process_time() - begin
    keys = [organisation_key(name) for _, name in register]

    def indexed(mention: str) -> str | None:
        organisation_key.cache_clear()
        hits = index.find(mention, limit=1)
        return hits[0].provider if hits else None

    def naive(mention: str) -> str | None:
        best = process.extractOne(organisation_key(mention), keys, scorer=fuzz.token_set_ratio)
        return register[best[2]][0] if best else None

    rows = compare(
        [
            Way(name="linker.names", do=indexed),
            Way(name="rapidfuzz token_set_ratio", do=naive, share=20 / asked),
        ],
        items,
    )
    return show(f"Names: one of {size:,} (built in {built:.1f} CPU s)", rows)
