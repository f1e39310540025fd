"""A part of what ``make faults`` does to a WARC file of 100 kB: each cut and each flipped bit is found."""

import random
from pathlib import Path

from storage.evidence import EvidenceFolder
from tests.faults import damaging


def test_cuts_and_flipped_bits_are_found_in_the_records_that_they_harm(tmp_path: Path) -> None:
    folder = EvidenceFolder(tmp_path)
    made = damaging.write(folder)
    size = made[-1].offset + made[-1].length
    assert size >= damaging.SIZE
    assert list(folder.verify(iter(made))) == []
    assert damaging.truncated(folder, made, range(0, size, 997)) == []
    chance = random.Random(5)
    assert [
        found for _ in range(40) for found in damaging.flipped(folder, made, chance.randrange(size * 8))
    ] == []
    assert list(folder.verify(iter(made))) == [], "the file is as it was"
