"""The text of invented news pages of real size: ours against the extractors it listens to, each by itself."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

import trafilatura
from lxml.html import fromstring
from readability import Document

from crawler.extract.html import read_page
from tests.bench.side_by_side import ROUNDS
from tests.crawler.extract.invented_pages import Page, pages
from tests.crawler.extract.shingles import f1

URL = "https://www.wealdenpost.example/news/a"
Reader = Callable[[bytes], str]


@dataclass(frozen=True, kw_only=True)
class Row:
    """One reader: F1, precision and recall in runs of four words, and CPU ms a page (median of rounds)."""

    name: str
    scores: tuple[float, float, float]
    milliseconds: float


def run() -> str:
    """The table; ``times``: its CPU time against ours."""
    some = pages()
    size = statistics.median(len(page.content) for page in some) / 1000
    rows = _compare(some)
    ours = rows[0].milliseconds
    head = f"{'':36}{'F1':>8}{'P':>8}{'R':>8}{'CPU ms':>10}{'times':>8}"
    lines = [
        f"{row.name:36}{row.scores[0]:8.4f}{row.scores[1]:8.4f}{row.scores[2]:8.4f}"
        f"{row.milliseconds:10.1f}{row.milliseconds / ours:8.2f}"
        for row in rows
    ]
    return "\n".join([f"Article text: {len(some)} invented pages, median {size:.0f} kB", head, *lines])


def _compare(some: list[Page]) -> list[Row]:
    taken: dict[str, list[float]] = {name: [] for name in READERS}
    texts: dict[str, list[tuple[str, str]]] = {}
    for read in READERS.values():
        read(some[0].content)
    for _ in range(ROUNDS):
        for name, read in READERS.items():
            begin = time.process_time()
            given = [read(page.content) for page in some]
            taken[name].append(1000 * (time.process_time() - begin) / len(some))
            texts[name] = [(text, page.story.text) for text, page in zip(given, some, strict=True)]
    return [
        Row(name=name, scores=f1(texts[name]), milliseconds=statistics.median(taken[name]))
        for name in READERS
    ]


def _ours(content: bytes) -> str:
    return read_page(content, URL, "text/html; charset=utf-8").article.text


def _trafilatura(**mode: bool) -> Reader:
    def read(content: bytes) -> str:
        return trafilatura.extract(content, url=URL, include_comments=False, **mode) or ""  # type: ignore[arg-type]

    return read


def _readability(content: bytes) -> str:
    return "\n".join(fromstring(Document(content.decode()).summary()).itertext())


READERS: dict[str, Reader] = {
    "crawler.extract, with metadata": _ours,
    "trafilatura precise": _trafilatura(favor_precision=True),
    "trafilatura fast": _trafilatura(fast=True),
    "trafilatura": _trafilatura(),
    "trafilatura with metadata": _trafilatura(with_metadata=True),
    "readability-lxml": _readability,
}
