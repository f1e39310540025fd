"""Pages made to stop a crawler end in time, and each with a status."""

import time
from pathlib import Path

import pytest

from crawler.errors import ExtractionFailed, TooSlow
from crawler.extract.html import Page, read_page
from crawler.extract.pool import Pool
from crawler.extract.worker import Limits

URL = "https://www.wealdenpost.example/a"
SECONDS = 10  # half of what is allowed, so that a slow machine passes, too


@pytest.mark.real
def test_every_bomb_made_of_markup_is_bounded(shared: Path) -> None:
    bombs: dict[str, bytes] = {}
    script = (shared / "suites/bombs/make_bombs.py").read_text()
    for line in script.splitlines():
        if line.startswith("put('html_"):
            exec(line, {"put": lambda name, content, *_: bombs.setdefault(name, content)})
    assert len(bombs) == 9
    with Pool(workers=1, limits=Limits(wall=SECONDS, cpu=SECONDS)) as pool:
        for name, bomb in bombs.items():
            before = time.monotonic()
            ended = pool.submit(read_page, bomb, URL)
            failure = ended.exception()
            assert isinstance(failure, ExtractionFailed) if failure else isinstance(ended.result(), Page), (
                name
            )
            assert time.monotonic() - before < SECONDS + 2, name
        with pytest.raises(ExtractionFailed):  # and the same child reads on
            pool.run(read_page, b"<p>Short.</p>", URL)


@pytest.mark.parametrize(
    "page",
    [
        b"<p " + b" ".join(b"a%d=1" % number for number in range(50_000)) + b">x</p>",
        b"<p>" + b"a" * 3_000_000 + b"</p>",
        b"<div>" * 20_000 + b"hello" + b"</div>" * 20_000,
        b"<p>x" + b" " * 2_000_000 + b"y</p>",
        b"<" * 500_000,
        b'<meta property="article:published_time" content="'
        + b"2024-" * 20_000
        + b'"><time>'
        + b"1" * 100_000,
    ],
    ids=["attributes", "one word", "depth", "spaces", "signs", "dates"],
)
def test_a_page_that_is_no_story_is_told_soon(page: bytes) -> None:
    limits = Limits(wall=SECONDS, cpu=SECONDS)
    with Pool(workers=1, limits=limits) as pool, pytest.raises(ExtractionFailed) as caught:
        pool.run(read_page, page, URL)
    assert not isinstance(caught.value, TooSlow)
