"""A finished WARC file of some 100 kB, cut at every offset and with bits flipped: verification finds each."""

import datetime as dt
import itertools
import os
import random
from collections.abc import Iterator
from pathlib import Path

from storage.evidence import EvidenceFolder
from storage.records import Capture
from storage.warc import Exchange
from tests.faults.kept import Kept

OURS = ("storage", "tests/faults/damaging.py")
SIZE = 100_000  # bytes of the file
FLIPS = 1_000
_AT = dt.datetime(2024, 3, 5, 9, 30, tzinfo=dt.UTC)
_BODY = 9_000  # bytes, that cannot be compressed
_TOGETHER = 1_000  # offsets that are one trial


def write(folder: EvidenceFolder) -> list[Capture]:
    """Records of one file, until it is as long as that."""
    chance = random.Random(3)
    made: list[Capture] = []
    with folder.writer(at=_AT) as writer, writer.batch() as batch:
        for number in itertools.count():
            body = chance.randbytes(_BODY)
            made.append(
                batch.keep(
                    Exchange(url=f"https://paper.example/{number}", fetched_at=_AT, body=body, status=200)
                )
            )
            if made[-1].offset + made[-1].length >= SIZE:
                break
        batch.sync()
    return made


def truncated(folder: EvidenceFolder, made: list[Capture], offsets: range) -> list[str]:
    """Offsets at which a cut was not found in exactly the records that it harms.

    The offsets go downwards, so that each cut only shortens the file.
    """
    path = folder.path / made[0].warc_file
    whole, missed = path.read_bytes(), []
    for offset in reversed(offsets):
        os.truncate(path, offset)
        harmed = [one for one in made if one.offset + one.length > offset]
        # What lies wholly before the cut is read in the trial's first and last step only.
        asked = harmed if offset not in (offsets[0], offsets[-1]) else made
        if [damage.capture for damage in folder.verify(iter(asked))] != harmed:
            missed.append(f"cut at {offset}")
    path.write_bytes(whole)
    return missed


def flipped(folder: EvidenceFolder, made: list[Capture], bit: int) -> list[str]:
    """A flipped bit that was not found in exactly the record that holds it."""
    path = folder.path / made[0].warc_file
    with path.open("r+b") as file:
        file.seek(bit // 8)
        was = file.read(1)
        file.seek(bit // 8)
        file.write(bytes([was[0] ^ 1 << bit % 8]))
        file.flush()
        (hit,) = [one for one in made if one.offset <= bit // 8 < one.offset + one.length]
        damages = list(folder.verify(iter(made)))
        file.seek(bit // 8)
        file.write(was)
    named = [
        one
        for one in damages
        if one.capture == hit and f"{hit.warc_file}, record at byte {hit.offset} " in one.reason
    ]
    return [] if len(damages) == len(named) == 1 else [f"bit {bit}: {[one.reason for one in damages]}"]


def trials(folder: EvidenceFolder, counts: Kept) -> None:
    """Every offset, and the flips, spread over the file."""
    made = write(folder)
    size = made[-1].offset + made[-1].length
    for start in range(0, size, _TOGETHER):
        offsets = range(start, min(start + _TOGETHER, size))
        if ("WARC cut, 1,000 offsets each", str(start)) not in counts:
            counts.add("WARC cut, 1,000 offsets each", str(start), truncated(folder, made, offsets))
    for bit in _bits(size):
        if ("WARC, one bit flipped", str(bit)) not in counts:
            counts.add("WARC, one bit flipped", str(bit), flipped(folder, made, bit))


def _bits(size: int) -> Iterator[int]:
    chance = random.Random(4)
    yield from chance.sample(range(size * 8), FLIPS)


def main(folder: Path, counts: Kept) -> None:
    """The trials in a folder of their own."""
    trials(EvidenceFolder(folder), counts)
