"""Linking a whole archive by one process and by two on Dask: how much faster, the same links, each one's memory.

``ONRECORD_BENCH_ARTICLES`` (1,000) says over how many template articles; ``ONRECORD_BENCH_ARCHIVE`` names an
archive with the real tables, a copy of which they are about instead of a fictional register;
``ONRECORD_BENCH_FOLDER`` keeps the archive that was made there for the next run.
"""

import contextlib
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import psutil
import sqlalchemy as sa

from storage.schema.links import link_evidence, links
from storage.store import Store
from tests.bench.relinking import made_world

_HOMES = 7_300
_UNLIKE = {"id", "link_id", "decided_at"}
"""Columns of a link that chance and the clock make."""


@dataclass(frozen=True, kw_only=True)
class _Run:
    """``seconds`` by the clock; ``megabytes``: the most that one process held."""

    seconds: float
    megabytes: float
    links: str


def run(processes: int = 2) -> str:
    """The table."""
    count = int(os.environ.get("ONRECORD_BENCH_ARTICLES") or 1_000)
    with tempfile.TemporaryDirectory() as scratch:
        archive = _archive(Path(os.environ.get("ONRECORD_BENCH_FOLDER") or scratch), count)
        _linked(archive, 1)  # stories are grouped by the first run, indexes are made
        alone, spread = _linked(archive, 1), _linked(archive, processes)
    same = "the same links" if alone.links == spread.links else "OTHER LINKS"
    lines = [
        f"Linking {count:,} template articles again, {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}",
        f"{'':18}{'seconds':>9}{'MB a process':>14}",
        f"{'one process':18}{alone.seconds:9.0f}{alone.megabytes:14.0f}",
        f"{f'{processes} on Dask':18}{spread.seconds:9.0f}{spread.megabytes:14.0f}",
        f"{alone.seconds / spread.seconds:.2f} times as fast, {same}",
    ]
    return "\n".join(lines)


def _archive(folder: Path, count: int) -> Path:
    real = os.environ.get("ONRECORD_BENCH_ARCHIVE")
    place = folder / f"spread-{'real' if real else 'invented'}-{count}.db"
    if not place.exists():
        if real:
            shutil.copyfile(real, place)
        with Store.at(place, write=True) as store:
            made_world(store, None if real else _HOMES, count, words=600)
    return place


def _linked(archive: Path, processes: int) -> _Run:
    words = [sys.executable, "-m", "onrecord", "link", "--all", "--archive", str(archive)]
    words += ["--processes", str(processes)] if processes > 1 else []
    begin, most = time.monotonic(), 0.0
    with subprocess.Popen(words, stdout=subprocess.DEVNULL) as child:
        while child.poll() is None:
            most = max(most, *_held(child.pid))
            time.sleep(0.25)
    assert child.returncode == 0, f"link ended with {child.returncode}"
    return _Run(seconds=time.monotonic() - begin, megabytes=most, links=_digest(archive))


def _held(pid: int) -> list[float]:
    """Megabytes of a process and of all it started, those that just ended left out."""
    found = [0.0]
    with contextlib.suppress(psutil.NoSuchProcess):
        parent = psutil.Process(pid)
        for one in (parent, *parent.children(recursive=True)):
            with contextlib.suppress(psutil.NoSuchProcess):
                found.append(one.memory_info().rss / 1e6)
    return found


def _digest(archive: Path) -> str:
    columns = [column for column in (*links.c, *link_evidence.c) if column.name not in _UNLIKE]
    rows = sa.select(*columns).outerjoin_from(links, link_evidence, link_evidence.c.link_id == links.c.id)
    order = (links.c.article_id, links.c.mention, links.c.rank, links.c.probability, link_evidence.c.number)
    told = hashlib.sha256()
    with Store.at(archive) as store, store.reading() as connection:
        for row in connection.execute(rows.order_by(*order)):
            told.update(repr(tuple(row)).encode())
    return told.hexdigest()
