"""Pages made to stop a crawler end in time, and each with a status."""

import pytest

from crawler.errors import ExtractionFailed, TooSlow
from crawler.extract.html import read_page
from crawler.extract.pool import Pool
from crawler.extract.worker import Limits

URL = "https://www.wealdenpost.example/a"
SECONDS = 10  # of CPU, half of what is allowed, so that a slow machine passes, and a busy one too


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
    limits = Limits(wall=6 * SECONDS, cpu=SECONDS)
    with Pool(workers=1, limits=limits) as pool, pytest.raises(ExtractionFailed) as caught:
        pool.run(read_page, page, URL)
    assert not isinstance(caught.value, TooSlow)
