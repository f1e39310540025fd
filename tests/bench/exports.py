"""A million links as files: rows a second of CPU, and the memory that the whole of it takes.

Each format is written by a process of its own, whose largest resident size is the figure for memory.
``ONRECORD_BENCH_FOLDER`` keeps the generated archive there for the next run.
"""

import datetime as dt
import itertools
import json
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa

from storage.schema import links as linking
from storage.store import Store
from tests.bench.filled import Sizes, fill

_AN_ARTICLE: Final = 5  # a decision and four candidates
_BATCH: Final = 5_000
_AT: Final = dt.datetime(2025, 6, 2, 8, 0, tzinfo=dt.UTC)
_CHILD: Final = """
import json, resource, sys, time
from archive.export.forms import csv, jsonl, parquet
from archive.export.tabled import Reading
from archive.export.tables import TABLES
from storage.store import Store

form = {"csv": csv, "jsonl": jsonl, "parquet": parquet}[sys.argv[2]]
with Store.at(sys.argv[1]) as store, store.reading() as connection, open(sys.argv[3], "wb") as out:
    before, begin = time.process_time(), time.monotonic()
    rows = form.write(TABLES["links"], Reading(connection=connection), out)
    took, wall = time.process_time() - before, time.monotonic() - begin
print(json.dumps([rows, took, wall, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss]))
"""


def run(count: int = 1_000_000) -> str:
    """The table of formats."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(os.environ.get("ONRECORD_BENCH_FOLDER") or scratch)
        place = folder / f"links-{count}.db"
        if not place.exists():
            with Store.at(place, write=True) as store:
                _fill(store, count)
        lines = [
            f"{count:,} links with two clues each, as files",
            f"{'':12}{'rows/CPU s':>14}{'rows/s':>12}{'MB memory':>12}{'MB file':>10}",
        ]
        lines += [_line(place, form, Path(scratch) / f"links.{form}") for form in ("csv", "jsonl", "parquet")]
        return "\n".join(lines)


def _line(place: Path, form: str, out: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-c", _CHILD, str(place), form, str(out)], check=True, capture_output=True, text=True
    )
    rows, took, wall, memory = json.loads(done.stdout)
    size = out.stat().st_size / 2**20
    return f"{form:12}{rows / took:14,.0f}{rows / wall:12,.0f}{memory / 1024:12.0f}{size:10.0f}"


def _fill(store: Store, count: int) -> None:
    articles = count // _AN_ARTICLE
    fill(store, Sizes(articles=articles, reports=articles // 4, settings=10_000, words=20))
    rng = random.Random(7)
    rows = (
        _candidate(rng, article, rank, articles // 4)
        for article in range(articles)
        for rank in range(1, _AN_ARTICLE)
    )
    while batch := list(itertools.islice(rows, _BATCH)):
        with store.writing() as connection:
            connection.execute(sa.insert(linking.links), batch)
    for begin in range(0, articles, _BATCH):
        with store.writing() as connection:
            evidence = list(_evidence(range(begin, min(begin + _BATCH, articles))))
            connection.execute(sa.insert(linking.link_evidence), evidence)


def _candidate(rng: random.Random, article: int, rank: int, inspections: int) -> dict[str, Any]:
    inspection = rng.randrange(inspections)
    return {
        "id": f"link-{article}-{rank}",
        "article_id": f"article-{article}",
        "version": 1,
        "mention": 0,
        "rank": rank,
        "status": "candidate",
        "level": "inspection",
        "inspection_id": f"inspection-{inspection}",
        "setting_id": f"setting-{inspection % 10_000}",
        "probability": 0.9 / rank,
        "decided_by": "linker",
        "decided_at": _AT,
    }


def _evidence(articles: range) -> Iterator[dict[str, Any]]:
    for article, rank, number in itertools.product(articles, range(_AN_ARTICLE), range(2)):
        yield {
            "link_id": f"link-{article}-{rank}" if rank else f"link-{article}",
            "number": number,
            "clue": ("operator", "judgement")[number],
            "field": "text",
            "text": ("run by Larkspur Care Limited", "rated inadequate last March")[number],
            "start": 20 * number,
            "end": 20 * number + 28,
            "value": ("Larkspur Care Limited", "Inadequate")[number],
            "told": "the same in the register",
            "weight": 4.5 - 2 * number,
        }
