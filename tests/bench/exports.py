"""A million links as files: rows a second of CPU, and the memory that the whole of it takes.

Each format is written by the command in a process of its own, whose largest resident size is the memory.
``ONRECORD_BENCH_FOLDER`` keeps the generated archive there for the next run.
"""

import datetime as dt
import itertools
import os
import random
import subprocess
import sys
import tempfile
import time
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
_COMMAND: Final = "import sys; from onrecord.cli import main; sys.argv[0] = 'onrecord'; main()"
_FORMS: Final = ("csv", "jsonl", "parquet")


def run(count: int = 1_000_000) -> str:
    """The table of formats."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(os.environ.get("ONRECORD_BENCH_FOLDER") or scratch)
        place = folder / f"links-{count}.db"
        if not place.exists():
            with Store.at(place, write=True) as store:
                _fill(store, count)
        lines = [
            f"{count:,} links with two clues each, by `onrecord export`, its start included",
            f"{'':12}{'rows/CPU s':>14}{'rows/s':>12}{'MB memory':>12}{'MB file':>10}",
        ]
        lines += [_line(place, count, form, Path(scratch) / f"links.{form}") for form in _FORMS]
        return "\n".join(lines)


def _line(place: Path, count: int, form: str, out: Path) -> str:
    words = ("export", "links", "--format", form, "--archive", str(place), "--out", str(out))
    begin = time.monotonic()
    child = subprocess.Popen([sys.executable, "-c", _COMMAND, *words], stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(child.pid, 0)
    wall, child.returncode = time.monotonic() - begin, os.waitstatus_to_exitcode(status)
    assert child.returncode == 0, f"export {form} ended with {child.returncode}"
    took = used.ru_utime + used.ru_stime
    sizes = f"{used.ru_maxrss / 1024:12.0f}{out.stat().st_size / 2**20:10.0f}"
    return f"{form:12}{count / took:14,.0f}{count / wall:12,.0f}{sizes}"


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
