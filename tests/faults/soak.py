"""A soak: 100,000 small pages through the real crawl, in portions of one crawling process each.

Each second the resident memory and the open descriptors of the crawling process and of its readers are
sampled. A portion holds when every page is stored once, the counts add up, and neither memory nor
descriptors of the crawling process grow. How they grow is the Theil-Sen slope: the median slope of all pairs
of points, where a point is the median of one of 60 equal stretches of the pages after the warm-up, the first
third of them. Readers are replaced every 2,000 documents; of them, the most memory in the last third of the
samples is held against that in the middle one.

``python -m tests.faults.soak`` runs what is left, and ``ONRECORD_SOAK_SIZE`` (``portions:papers:pages``)
says how much: 4:20:1250 is full size. A portion that was stopped goes on in its archive.
"""

import contextlib
import json
import os
import shutil
import statistics
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path

import sqlalchemy as sa

from crawler.orders import Order
from crawler.run import crawl
from storage.dates import utc_now
from storage.schema.crawl import runs
from storage.schema.press import article_versions, articles
from storage.store import Store
from tests.faults import soaked
from tests.faults.kept import Kept

OURS = ("storage", "crawler", "tests/faults/soak.py", "tests/faults/soaked.py")
GROUP = "soak, 25,000 pages each"
SIZE = os.environ.get("ONRECORD_SOAK_SIZE") or "4:20:1250"
MOST_GROWTH = 2**20  # bytes in 10,000 pages
MOST_DESCRIPTORS = 1.0  # in 10,000 pages
_READERS = 1.15  # their most memory late, to that before
_STRETCHES = 60
_PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True, kw_only=True)
class Sample:
    """One second: pages ended so far; bytes and descriptors of the crawling process; the same of its readers."""

    pages: int
    memory: int
    descriptors: int
    readers: tuple[tuple[int, int], ...] = ()


@dataclass(kw_only=True)
class Watched:
    """What was sampled of one crawling process."""

    samples: list[Sample] = field(default_factory=list)
    pages: int = 0

    def figures(self) -> dict[str, float]:
        """First (after the warm-up), last and slope of memory (MB) and descriptors, and most of the readers."""
        late = after_warm_up(self.samples)
        return {
            "pages": self.pages,
            "samples": len(self.samples),
            "memory_first": late[0].memory / 2**20,
            "memory_last": late[-1].memory / 2**20,
            "memory_slope": slope([(one.pages, one.memory) for one in late]) * 10_000 / 2**20,
            "descriptors_first": late[0].descriptors,
            "descriptors_last": late[-1].descriptors,
            "descriptors_slope": slope([(one.pages, one.descriptors) for one in late]) * 10_000,
            "reader_memory": max((memory for one in late for memory, _ in one.readers), default=0) / 2**20,
            "reader_descriptors": max((count for one in late for _, count in one.readers), default=0),
        }


def after_warm_up(samples: list[Sample]) -> list[Sample]:
    """The samples after the first third of the pages, until the last page."""
    last = max(one.pages for one in samples)
    return [one for one in samples if last / 3 <= one.pages < last] or samples[-1:]


def slope(points: list[tuple[int, int]]) -> float:
    """Theil-Sen: the median slope between the medians of equal stretches of x; 0 where there is one stretch."""
    first, last = points[0][0], points[-1][0]
    stretches: dict[int, list[tuple[int, int]]] = {}
    for x, y in points:
        stretches.setdefault((x - first) * _STRETCHES // (last - first + 1), []).append((x, y))
    medians = [tuple(map(statistics.median, zip(*some, strict=True))) for some in stretches.values()]
    slopes = [(after[1] - before[1]) / (after[0] - before[0]) for before, after in combinations(medians, 2)]
    return statistics.median(slopes) if slopes else 0.0


def growing(samples: list[Sample]) -> list[str]:
    """What grows."""
    late, found = after_warm_up(samples), []
    memory = slope([(one.pages, one.memory) for one in late]) * 10_000
    if memory > MOST_GROWTH:
        found.append(f"memory grows by {memory / 2**20:.2f} MB in 10,000 pages")
    descriptors = slope([(one.pages, one.descriptors) for one in late]) * 10_000
    if descriptors > MOST_DESCRIPTORS:
        found.append(f"descriptors grow by {descriptors:.1f} in 10,000 pages")
    half = len(late) // 2
    for which, what in enumerate(("memory", "descriptors")):
        before, after = (
            max((reader[which] for one in some for reader in one.readers), default=0)
            for some in (late[:half], late[half:])
        )
        if before and after > _READERS * before:
            found.append(f"the readers' {what} went from {before:,} to {after:,}")
    return found


def wrong(archive: Path, portion: int, papers: int, pages: int) -> list[str]:
    """What is not stored once, or does not add up, by the archive alone."""
    good = {
        f"http://{soaked.host_of(portion, paper)}{soaked.path_of(number)}"
        for paper in range(papers)
        for number in range(pages)
        if not soaked.is_gone(number) and not soaked.is_closed(number)
    }
    names = [soaked.name_of(portion, paper) for paper in range(papers)]
    versions = sa.select(articles.c.url).join(
        article_versions, article_versions.c.article_id == articles.c.id
    )
    with Store.at(archive) as store, store.reading() as connection:
        held = connection.execute(versions.where(articles.c.source_id.in_(names))).scalars().all()
        ran = connection.execute(sa.select(runs).where(runs.c.source_id.in_(names))).all()
    lost, more = good - set(held), set(held) - good
    found = [f"{len(lost)} pages are lost"] * bool(lost) + [f"{len(more)} are unknown"] * bool(more)
    found += [f"{len(held) - len(set(held))} are stored twice"] * (len(held) > len(set(held)))
    found += [
        f"{one.source_id}: {one.fetched} fetched are not {one.stored} + {one.duplicate} + {one.refused} + {one.failed}"
        for one in ran
        if one.fetched != one.stored + one.duplicate + one.refused + one.failed
    ]
    fetched = sum(one.fetched for one in ran)
    asked = papers * (pages + -(-pages // soaked.A_FEED))
    if len(ran) == papers and fetched != asked:
        found.append(f"{fetched:,} were fetched of {asked:,} addresses")
    refused = sum(one.refused for one in ran)
    shut = papers * sum(soaked.is_closed(number) or soaked.is_gone(number) for number in range(pages))
    return found + [f"{refused} are refused, and {shut} are closed or gone"] * (refused != shut)


def totals(archive: Path, portion: int, papers: int) -> dict[str, int]:
    """The counts of all runs of a portion."""
    names = [soaked.name_of(portion, paper) for paper in range(papers)]
    counted = ("fetched", "stored", "duplicate", "refused", "failed")
    query = sa.select(*(sa.func.sum(runs.c[one]) for one in counted)).where(runs.c.source_id.in_(names))
    with Store.at(archive) as store, store.reading() as connection:
        return dict(zip(counted, connection.execute(query).one(), strict=True))


def crawled(
    archive: Path, portion: int, papers: int, pages: int, *, leak: int = 0, every: float = 1.0
) -> Watched:
    """Crawl a portion in one process, and watch it."""
    told = {"ONRECORD_SOAK": f"{portion}:{papers}:{pages}", "ONRECORD_SOAK_LEAK": str(leak)}
    watched, ended = Watched(), threading.Event()

    def one_ended(*_: str) -> None:
        watched.pages += 1

    with _set(told), _served() as port:
        order = Order(
            archive=str(archive),
            sources=tuple(soaked.name_of(portion, paper) for paper in range(papers)),
            at=utc_now(),
            hosts={soaked.host_of(portion, paper): f"127.0.0.1:{port}" for paper in range(papers)},
            modules=("tests.faults.soaked",),
        )
        sampler = threading.Thread(target=_sample, args=(watched, ended, every))
        sampler.start()
        try:
            crawl(order, told=one_ended)
        finally:
            ended.set()
            sampler.join()
    return watched


def _sample(watched: Watched, ended: threading.Event, every: float) -> None:
    while not ended.wait(every):
        with contextlib.suppress(OSError):  # it ended meanwhile
            ours = _below(os.getpid(), b"crawler.process")
            if ours and watched.pages:
                readers = tuple(map(_measured, _below(ours[0], b"crawler.extract.worker")))
                memory, descriptors = _measured(ours[0])
                sample = Sample(pages=watched.pages, memory=memory, descriptors=descriptors, readers=readers)
                watched.samples.append(sample)


def _below(pid: int, running: bytes) -> list[int]:
    """The children of a process that run a module."""
    children = [
        int(child)
        for task in Path(f"/proc/{pid}/task").iterdir()
        for child in (task / "children").read_text().split()
    ]
    return [
        child for child in children if running in Path(f"/proc/{child}/cmdline").read_bytes().split(b"\0")
    ]


def _measured(pid: int) -> tuple[int, int]:
    """Resident bytes and open descriptors of a process."""
    resident = int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE
    return resident, len(os.listdir(f"/proc/{pid}/fd"))


@contextlib.contextmanager
def _set(variables: dict[str, str]) -> Iterator[None]:
    before = dict(os.environ)
    os.environ.update(variables)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


@contextlib.contextmanager
def _served() -> Iterator[int]:
    server = subprocess.Popen(
        [sys.executable, "-m", "tests.faults.soaked"], stdout=subprocess.PIPE, text=True
    )
    assert server.stdout is not None
    try:
        yield int(server.stdout.readline())
    finally:
        server.kill()
        server.wait()
        server.stdout.close()


def main(kept: Path) -> Kept:
    """Run the portions that are left; their figures go to ``soak.jsonl`` beside what is kept."""
    counts = Kept(kept, *OURS)
    portions, papers, pages = map(int, SIZE.split(":"))
    archive = kept.parent / f"soak-{counts.code}" / "archive.db"
    for portion in range(1, portions + 1):
        if (GROUP, f"{portion} of {SIZE}") in counts:
            continue
        archive.parent.mkdir(exist_ok=True)
        watched = crawled(archive, portion, papers, pages)
        figures = watched.figures() | totals(archive, portion, papers)
        with (kept.parent / "soak.jsonl").open("a") as file:
            file.write(json.dumps({"portion": portion, "size": SIZE} | figures) + "\n")
        found = growing(watched.samples) + wrong(archive, portion, papers, pages)
        counts.add(GROUP, f"{portion} of {SIZE}", found)
    shutil.rmtree(archive.parent, ignore_errors=True)
    return counts


if __name__ == "__main__":
    print(*main(Path("build/faults.jsonl")).table(), sep="\n")  # noqa: T201
