"""A part of what ``make faults`` soaks: pages are stored once, and a leak is seen."""

from pathlib import Path

import pytest

from tests.faults import soak
from tests.faults.soak import Sample

MB = 2**20


def _samples(bytes_a_page: float, descriptors_a_page: float = 0.0, reader: int = 90 * MB) -> list[Sample]:
    """25,000 pages at 20 a second; memory goes up at first, and by 2 MB and back again each 100 s."""
    return [
        Sample(
            pages=pages,
            memory=int(
                150 * MB + min(pages, 4_000) * 5_000 + bytes_a_page * pages + 2 * MB * (pages // 1_000 % 2)
            ),
            descriptors=int(40 + pages % 7 + descriptors_a_page * pages),
            readers=((90 * MB if pages < 18_000 else reader, 6),),
        )
        for pages in range(0, 25_001, 20)
    ]


def test_what_grows_only_at_first_is_flat() -> None:
    assert soak.growing(_samples(0)) == []
    assert soak.growing(_samples(90)) == [], "0.9 MB in 10,000 pages"


@pytest.mark.parametrize(
    ("samples", "what"),
    [
        (_samples(130), "memory grows by"),
        (_samples(0, 0.001), "descriptors grow by"),
        (_samples(0, reader=120 * MB), "the readers' memory"),
    ],
)
def test_what_goes_on_growing_is_told(samples: list[Sample], what: str) -> None:
    (found,) = soak.growing(samples)
    assert found.startswith(what)


def test_each_page_is_stored_once_and_a_planted_leak_is_seen(tmp_path: Path) -> None:
    archive = tmp_path / "archive.db"
    watched = soak.crawled(archive, 1, 2, 150, leak=200_000, every=0.05)
    assert soak.wrong(archive, 1, 2, 150) == []
    assert soak.totals(archive, 1, 2) == {
        "fetched": 302, "stored": 290, "duplicate": 0, "refused": 12, "failed": 0,
    }  # fmt: skip
    told = " ".join(soak.growing(watched.samples))
    assert "memory grows" in told
    assert "descriptors grow" in told


def test_a_lost_page_is_told(tmp_path: Path) -> None:
    archive = tmp_path / "archive.db"
    soak.crawled(archive, 1, 1, 50)
    assert "1 pages are lost" in soak.wrong(archive, 1, 1, 51)
