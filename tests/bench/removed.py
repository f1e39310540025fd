"""How often another home is asserted where the true one is in no register: the worst a link can do.

Template stories over a fictional register; then the homes they tell of, with their inspections, are taken
out of it, and the same stories are linked again.
"""

import random
from collections import Counter
from collections.abc import Set
from dataclasses import replace

from linker.linking import Linker
from linker.register import Records, Register
from tests.bench.press import invented_records, stories
from tests.linker.preceded import with_previous

_SEEDS = 3
_HOMES = ("inspection", "setting")


def run(homes: int = 7_300, asked: int = 400) -> str:
    """The table: of each world's stories, how many are linked to a home before and after."""
    lines = [
        f"Linking {asked} template articles with the true home in the register of {homes:,}, and without it",
        f"{'':10}{'with it':>9}{'without':>9}{'share':>8}{'the provider':>14}",
    ]
    for seed in range(_SEEDS):
        before, after = _counted(random.Random(seed), homes, asked)
        wrong = sum(after[level] for level in _HOMES)
        right = sum(before[level] for level in _HOMES)
        lines.append(f"world {seed + 1:<4}{right:9,}{wrong:9,}{wrong / asked:8.1%}{after['provider']:14,}")
    return "\n".join(lines)


def without(records: Records, urns: Set[str]) -> Records:
    """The records but for these settings and their inspections."""
    kept = [number for number, one in enumerate(records.settings) if one.urn not in urns]
    now = {number: place for place, number in enumerate(kept)}
    inspections = [
        replace(one, setting=now[one.setting], previous=None)
        for one in records.inspections
        if one.setting in now
    ]
    return replace(
        records,
        settings=[records.settings[number] for number in kept],
        inspections=with_previous(inspections),
    )


def _counted(rng: random.Random, homes: int, asked: int) -> tuple[Counter[str], Counter[str]]:
    """How many stories are asserted at each level with the true homes in the register, and without."""
    records = invented_records(rng, homes)
    told = [(reading, label) for reading, label in stories(rng, Register(records), asked) if label.links]
    gone = {str(target.urn) for _, label in told for target in label.links}
    counts: list[Counter[str]] = []
    for held in (records, without(records, gone)):
        linker = Linker(Register(held))
        linked = [one for reading, _ in told for one in linker.link(reading)]
        counts.append(Counter(one.decision.level for one in linked if one.decision.answer == "asserted"))
    return counts[0], counts[1]
