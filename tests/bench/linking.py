"""The whole linker over template articles: how fast at growing registers, how much memory, how calibrated.

``ONRECORD_BENCH_ARCHIVE`` names an archive with the real tables, which are then measured as well.
"""

import json
import os
import random
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from linker import run as run_linker
from linker.linking import Linker
from linker.quotations import QuotationIndex
from linker.register import Register
from storage.store import Store
from tests.bench.press import invented_records, stories
from tests.linker.invented_reports import Inspectorate, InventedReport

SIZES = (7_300, 25_000, 100_000)
_VISITS = {7_300: 6, 25_000: 8, 100_000: 10}
"""Inspections a home: 43,000 at the true size, 1,000,000 at the largest."""
_REPORTS, _WORDS, _QUOTED = 20_000, 1_200, 500
"""Reports, their words, and how many of them stories quote; the others' texts are let go at once."""


def run(asked: int = 300) -> str:
    """The table; each row in a process of its own, so that its memory is its own."""
    kinds = [f"{size}:{reports}" for size in SIZES for reports in ({0, _REPORTS} if size == 7_300 else {0})]
    if os.environ.get("ONRECORD_BENCH_ARCHIVE"):
        kinds += ["real:0", f"real:{_REPORTS}"]
    rows = [_measured(kind, asked) for kind in kinds]
    lines = [
        f"Linking {asked} template articles, the whole chain, one process",
        f"{'homes':>9}{'inspections':>13}{'reports':>9}{'a CPU s':>9}{'p95 ms':>8}{'MB':>7}{'built s':>9}",
    ]
    lines += [
        f"{row['homes']:9,}{row['inspections']:13,}{row['reports']:9,}{row['speed']:9.0f}{row['slow']:8.1f}"
        f"{row['memory']:7.0f}{row['built']:9.1f}{row['name']:>9}"
        for row in rows
    ]
    return "\n".join(lines)


def _measured(kind: str, asked: int) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.linking", kind, str(asked)],
        capture_output=True,
        text=True,
        check=True,
    )
    row: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return row


def _measure(kind: str, asked: int) -> dict[str, Any]:
    size, _, reports = kind.partition(":")
    rng = random.Random(5)
    begin = time.process_time()
    register, held = _register(rng, size, int(reports))
    built = time.process_time() - begin
    linker = Linker(register)
    readings = [reading for reading, _ in stories(rng, register, asked, held)]
    held.clear()
    linker.link(readings[0])
    times = []
    for reading in readings:
        start = time.process_time()
        linker.link(reading)
        times.append(time.process_time() - start)
    return {
        "name": "real" if size == "real" else "",
        "homes": len(register.settings),
        "inspections": len(register.inspections),
        "reports": len(register.reported),
        "speed": len(times) / sum(times),
        "slow": 1000 * sorted(times)[int(0.95 * len(times))],
        "memory": _megabytes(),
        "built": built,
    }


def _megabytes() -> float:
    """What the process holds now, without what making the world took; its most where that is not told."""
    now = Path("/proc/self/statm")
    if now.exists():
        return int(now.read_text().split()[1]) * resource.getpagesize() / 1e6
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _register(rng: random.Random, size: str, reports: int) -> tuple[Register, dict[str, InventedReport]]:
    """A generated register, or the real one, with generated reports of its inspections."""
    if size == "real":
        with Store.at(os.environ["ONRECORD_BENCH_ARCHIVE"]) as store, store.reading() as connection:
            register = run_linker.load_register(connection)
    else:
        register = Register(invented_records(rng, int(size), visits=_VISITS[int(size)]))
    inspectorate, held = Inspectorate(rng), {}
    register.reported = {one.id for one in rng.sample(register.inspections, reports)}

    def written() -> Iterator[tuple[str, str, list[tuple[int, int]]]]:
        for id_ in sorted(register.reported):
            (report,) = inspectorate.reports(1, words=_WORDS)
            if len(held) < _QUOTED:
                held[id_] = report
            yield id_, report.text, report.spans

    register.quotations = QuotationIndex.build(written())
    return register, held


if __name__ == "__main__":
    print(json.dumps(_measure(sys.argv[1], int(sys.argv[2]))))  # noqa: T201
