"""What readers wait for while a hundred clients ask for too much, beside what they wait for without them.

A real server in a process of its own, asked over loopback; the attackers are another process. Quiet stretches and
attacks take turns, so that a busy machine slows both alike. ``ONRECORD_BENCH_FOLDER`` keeps the archive.
"""

import contextlib
import itertools
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import httpx

from storage import people
from storage.dates import utc_now
from storage.search.indexer import open_indexer
from storage.store import Store
from tests.archive.attackers import KINDS
from tests.bench import pages
from tests.bench.filled import Sizes, fill

_ATTACKERS, _READERS, _LEAKED = 100, 3, 3  # clients; people; accounts whose sessions the attackers have
_SECONDS, _TURNS = 6, 3
_COMMAND = [sys.executable, "-c", "from onrecord.cli import main; main()"]
_USUAL = (
    *(
        "search, one word",
        "search, two words",
        "search, two facets",
        "article",
        "setting",
        "provider",
        "outlet",
    ),
    *("inspection", "review item", "/", "/dashboard", "/review"),
)


def run(sizes: Sizes | None = None) -> str:
    """The table."""
    sizes = sizes or Sizes(articles=10_000, reports=5_000, settings=2_000)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(os.environ.get("ONRECORD_BENCH_FOLDER") or scratch)
        place = folder / f"archive-{sizes.articles}-{sizes.reports}.db"
        fresh = not place.exists()
        with Store.at(place, write=True) as store:
            if fresh:
                fill(store, sizes)
            with open_indexer(store) as indexer:
                indexer.catch_up()
            leaked, readers = ([session(store) for _ in range(many)] for many in (_LEAKED, _READERS))
            kinds = pages.by_kind(store)
        asked = [path for several in zip(*(kinds[name] for name in _USUAL), strict=True) for path in several]
        with served(place) as url:
            return table(url, asked, leaked, readers)


def session(store: Store) -> str:
    """A reader who is signed in."""
    with store.writing() as connection:
        user = people.add_user(connection, f"bench {time.time_ns()}", "reviewer", at=utc_now())
        return people.start_session(connection, user, at=utc_now())


@contextlib.contextmanager
def served(place: Path) -> Iterator[str]:
    """The archive, served by the real command; its address."""
    command = [*_COMMAND, "serve", "--archive", str(place), "--port", "0", "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout
        said = ""
        while "}" not in said:
            said += server.stdout.readline()
        try:
            yield json.loads(said)["url"]
            if server.poll() is not None:
                raise RuntimeError("the server died")
        finally:
            server.terminate()


def table(url: str, asked: list[str], leaked: list[str], readers: list[str]) -> str:
    """Quiet and attacked in turns, and what the attackers were told."""
    quiet, attacked, answers = [], [], Counter[tuple[str, int]]()
    waited(url, asked, readers)  # what is read for the first time is nobody's measure
    for _ in range(_TURNS):
        quiet += waited(url, asked, readers)
        with attack(url, leaked, answers):
            time.sleep(1)
            attacked += waited(url, asked, readers)
    lines = [f"Readers at a served archive, {_ATTACKERS} clients asking for too much beside"]
    lines += [f"{'':12}{'answers':>9}{'p50 ms':>9}{'p95 ms':>9}"]
    for name, times in (("quiet", quiet), ("attacked", attacked)):
        lines.append(f"{name:12}{len(times):9,}{1000 * at(times, 0.5):9.1f}{1000 * at(times, 0.95):9.1f}")
    lines.append(f"p95 attacked / quiet: {at(attacked, 0.95) / at(quiet, 0.95):.2f}")
    for kind in KINDS:
        told = ", ".join(
            f"{times:,} x {status}" for (one, status), times in sorted(answers.items()) if one == kind
        )
        lines.append(f"  {kind:22}{told}")
    return "\n".join(lines)


def waited(url: str, asked: list[str], readers: list[str]) -> list[float]:
    """Seconds that each answer took, of readers who each ask a page, read a moment and ask the next."""
    taken: list[float] = []
    until = time.monotonic() + _SECONDS

    def read(number: int, secret: str) -> None:
        cookies = {"onrecord-session": secret}
        with httpx.Client(base_url=url, cookies=cookies, trust_env=False, timeout=60) as client:
            for path in itertools.cycle(asked[number * 7 :] + asked[: number * 7]):
                begun = time.perf_counter()
                status = client.get(path).status_code
                taken.append(time.perf_counter() - begun)
                if status != 200:
                    raise RuntimeError(f"{path}: {status}")
                if time.monotonic() > until:
                    return
                time.sleep(0.1)

    threads = [threading.Thread(target=read, args=one) for one in enumerate(readers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return taken


@contextlib.contextmanager
def attack(url: str, leaked: list[str], answers: Counter[tuple[str, int]]) -> Iterator[None]:
    """Attackers for as long as readers read."""
    command = [sys.executable, "-m", "tests.archive.attackers", url, str(_SECONDS + 2)]
    kinds = list(itertools.islice(itertools.cycle(KINDS), _ATTACKERS))
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as attackers:
        assert attackers.stdin
        attackers.stdin.write(f"{json.dumps(leaked)}\n{json.dumps(kinds)}\n")
        attackers.stdin.flush()
        yield
        said, _ = attackers.communicate()
    for kind, status, times in json.loads(said):
        answers[kind, status] += times


def at(times: list[float], share: float) -> float:
    """The time that this share of them stays below."""
    return sorted(times)[int(share * len(times))]
