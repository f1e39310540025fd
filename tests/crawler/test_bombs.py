"""Fifty-two documents made to exhaust whoever reads them: each is bounded and has a status, and the run goes on."""

import contextlib
import dataclasses
import datetime as dt
import json
import os
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import sqlalchemy as sa

from crawler.errors import ExtractionFailed
from crawler.extract.html import Page, read_page
from crawler.extract.pool import Pool
from crawler.extract.worker import Limits
from crawler.orders import Order
from crawler.reports.reading import needs_another, read_report, read_report_again
from crawler.run import crawl
from storage.errors import OnRecordError
from storage.records import Report
from storage.schema.crawl import frontier
from storage.schema.press import article_versions
from storage.store import Store
from tests.crawler.small_web import Answer, Site, serving
from tests.crawler.test_crawl import a_story

pytestmark = pytest.mark.real

URL = "https://www.wealdenpost.example/a"
AT = dt.datetime(2024, 3, 6, 12, tzinfo=dt.UTC)
SECONDS = 10  # the cap in these tests: half of what a page may take, a third of what a report may
MOST_SECONDS = {"article": 20, "report": 30}  # on a machine that has other things to do
MOST_OF_A_PARENT = (
    300 << 20
)  # bytes; the crawling process, which holds no document but the one that it fetches
KINDS = {
    "xml_billion_laughs_sitemap": "sitemap",
    "xml": "feed",
    "rss": "feed",
    "sitemap": "sitemap",
    "http": "page",
    "html": "article",
    "pdf": "report",
    "zip": "table",
    "xlsx": "table",
    "robots": "robots",
    "warc": "warc",
}
"""How the names of bombs begin, and the kind of document that each would be; the first that fits counts."""
BASES = {
    "feed": "crawler.platforms.wordpress.WordPress",
    "sitemap": "crawler.platforms.wordpress.WordPress",
    "page": "crawler.platforms.wordpress.WordPress",
    "table": "crawler.platforms.ofsted.OfstedTables",
}
ENCODINGS = {".gz": "gzip", ".zz": "deflate", ".br": "br", ".zst": "zstd"}
SOURCE = '''"""Bombs."""

import importlib

from storage.frontier import Found

base = getattr(importlib.import_module({module!r}), {base!r})


class Bombed(base):
    name = title = {name!r}
    hosts = ("www.{name}.example",)

    @classmethod
    def starts(cls):
        hints = {{"table": "register", "as_of": "2024-03-31"}}
        return [Found(url="http://www.{name}.example/" + path, kind={kind!r}, hints=hints) for path in {paths!r}]
'''


ENOUGH = {
    "G=1<<30": "G=1<<27\nfrom tests.crawler.small_bombs import zstream",
    "quality=11": "quality=1",
    "range(1024)": "range(128)",
    "range(512)": "range(128)",
}
"""What is changed in the making of the bombs: the same shapes and the same ratio, a tenth of their size."""


def kind_of(bomb: str) -> str:
    return next(kind for start, kind in KINDS.items() if bomb.startswith(start))


@pytest.fixture(scope="module")
def bombs(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The bombs by name. They unfold to 128 MiB and more, which every limit of ours is below, not to 1 GiB."""
    folder = tmp_path_factory.mktemp("bombs")
    script = (shared / "suites/bombs/make_bombs.py").read_text()
    for whole, enough in ENOUGH.items():
        assert whole in script
        script = script.replace(whole, enough)
    code = (
        "import sys, types; from backports import zstd\n"
        "made = sys.modules['zstandard'] = types.ModuleType('zstandard')\n"
        "made.ZstdCompressor = lambda level: types.SimpleNamespace(compressobj=lambda: zstd.ZstdCompressor(level=3))\n"
    )
    root = str(Path(__file__).parents[2])
    code = f"import sys; sys.path.insert(0, {root!r})\n{code}"
    subprocess.run([sys.executable, "-c", code + script, folder], check=True, stdout=subprocess.DEVNULL)
    named = [entry["file"] for entry in json.loads((folder / "MANIFEST.json").read_text())]
    return {name: (folder / name).read_bytes() for name in named}


@contextlib.contextmanager
def watching_children() -> Iterator[list[int]]:
    """The largest size in memory, in bytes, that each child of this process had."""
    most: dict[str, int] = {}
    ended = threading.Event()

    def watch() -> None:
        while not ended.wait(0.2):
            with contextlib.suppress(OSError):
                for child in Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children").read_text().split():
                    for line in Path(f"/proc/{child}/status").read_text().splitlines():
                        if line.startswith("VmHWM:"):
                            most[child] = int(line.split()[1]) << 10

    thread = threading.Thread(target=watch)
    thread.start()
    peaks: list[int] = []
    try:
        yield peaks
    finally:
        ended.set()
        thread.join()
        peaks.extend(most.values())


def answer_of(name: str, bomb: bytes) -> Answer:
    encoding = ENCODINGS.get(Path(name).suffix) if name.startswith(("http", "robots")) else None
    encoding = "gzip, gzip" if "nested_twice" in name else encoding
    return 200, {"Content-Encoding": encoding} if encoding else {}, bomb


def test_every_bomb_is_counted_and_has_its_place(bombs: dict[str, bytes]) -> None:
    assert Counter(kind_of(name) for name in bombs) == {
        "feed": 9, "sitemap": 3, "page": 7, "article": 9, "report": 18, "table": 3, "robots": 2, "warc": 1,
    }  # fmt: skip


@pytest.mark.parametrize(("kind", "reader"), [("article", read_page), ("report", read_report)])
def test_every_bomb_of_markup_and_every_pdf_is_bounded(
    bombs: dict[str, bytes], kind: str, reader: Callable[..., Page | Report]
) -> None:
    limits = Limits(wall=SECONDS, cpu=SECONDS)
    with Pool(workers=1, limits=limits) as pool:
        for name in (name for name in bombs if kind_of(name) == kind):
            before = time.monotonic()
            failure = pool.submit(reader, bombs[name], URL).exception()
            if (
                isinstance(failure, OnRecordError)
                and kind == "report"
                and needs_another(bombs[name], failure)
            ):
                assert time.monotonic() - before < MOST_SECONDS[kind], name
                before = time.monotonic()
                failure = pool.submit(read_report_again, bombs[name], URL, limits=limits).exception()
            assert failure is None or isinstance(failure, ExtractionFailed), name
            assert time.monotonic() - before < MOST_SECONDS[kind], name
        with pytest.raises(ExtractionFailed):  # and the same child reads on
            pool.run(reader, b"<p>Short.</p>", URL)


def test_every_bomb_that_is_fetched_is_bounded_and_the_run_goes_on(
    tmp_path: Path, bombs: dict[str, bytes]
) -> None:
    order, sites = _an_order(tmp_path, bombs)
    with ExitStack() as stack:
        hosts = {
            f"www.{name}.example": stack.enter_context(serving(site)).address for name, site in sites.items()
        }
        peaks = stack.enter_context(watching_children())
        summaries = crawl(dataclasses.replace(order, hosts=hosts))
    assert {summary.ending for summary in summaries} == {"done"}
    with Store.at(order.archive) as store, store.reading() as connection:
        starts = connection.execute(sa.select(frontier).where(frontier.c.depth == 0)).all()
        texts = connection.execute(sa.select(article_versions.c.text)).scalars().all()
    ended = {row.url.rsplit("/", 1)[1]: row for row in starts}
    assert {name for name in bombs if kind_of(name) in BASES} <= ended.keys()
    for name, row in ended.items():
        assert row.reason or row.outcome in {"done", "unchanged"}, name
        assert row.outcome != "our_fault", (name, row.reason)
    assert {row.outcome for row in starts if row.url.startswith("http://www.bombed_page.example/http_")} == {
        "too_large"
    }
    assert ended["story"].outcome == "done"
    assert not any("root:" in text for text in texts)
    assert 0 < max(peaks) < MOST_OF_A_PARENT


def test_a_bomb_among_the_warcs_is_bounded(tmp_path: Path, bombs: dict[str, bytes]) -> None:
    (name,) = (name for name in bombs if kind_of(name) == "warc")
    (tmp_path / name).write_bytes(bombs[name])
    main = "from onrecord.cli import main; main()"
    command = [sys.executable, "-c", main, "import", "articles", str(tmp_path / name)]
    with watching_children() as peaks:
        ended = subprocess.run(
            [*command, "--archive", str(tmp_path / "warc.db")], capture_output=True, text=True, check=False
        )
    assert ended.returncode != 0
    assert name in ended.stdout + ended.stderr
    assert "Traceback" not in ended.stderr
    assert 0 < max(peaks) < MOST_OF_A_PARENT


def _an_order(folder: Path, bombs: dict[str, bytes]) -> tuple[Order, dict[str, Site]]:
    """A source for each kind of document, and one for each robots.txt."""
    sources = folder / "sources"
    sources.mkdir()
    sites: dict[str, Site] = {}
    for kind, base in BASES.items():
        names = [name for name in bombs if kind_of(name) == kind]
        sites[f"bombed_{kind}"] = Site({f"/{name}": answer_of(name, bombs[name]) for name in names})
        _declare(sources, f"bombed_{kind}", kind, base, [*names, *(["story"] if kind == "page" else [])])
    sites["bombed_page"].pages["/story"] = a_story(1)
    for name in (name for name in bombs if kind_of(name) == "robots"):
        source, path = (
            "bombed_" + name.split(".")[0].lower(),
            "a" * 900,
        )  # what its wildcards are held against
        sites[source] = Site({"/robots.txt": answer_of(name, bombs[name]), f"/{path}": a_story(2)})
        _declare(sources, source, "page", BASES["page"], [path])
    archive = str(folder / "archive.db")
    return Order(archive=archive, sources=tuple(sites), at=AT, folders=(str(sources),)), sites


def _declare(folder: Path, name: str, kind: str, base: str, paths: list[str]) -> None:
    module, _, last = base.rpartition(".")
    kind = "article" if kind == "page" else kind
    (folder / f"{name}.py").write_text(
        SOURCE.format(module=module, base=last, name=name, kind=kind, paths=paths)
    )
