"""Reservations of text and data mining, wherever they stand; nothing else is taken for one."""

import pytest

from crawler.reservations import read_tdmrep, reserved_by, reserved_for

STORY = b"<html><head><title>Home must improve</title></head><body>It has no AI: noai.</body></html>"


def a_page(meta: str) -> bytes:
    return STORY.replace(b"<title>", f"<meta {meta}><title>".encode())


@pytest.mark.parametrize(
    ("headers", "meta", "reserved"),
    [
        ((), "", False),
        ((("TDM-Reservation", "1"),), "", True),
        ((("tdm-reservation", "0"),), "", False),
        ((), 'name="tdm-reservation" content="1"', True),
        ((), "content='1' name='TDM-Reservation'", True),
        ((("tdm-reservation", "1"),), 'name="tdm-reservation" content="0"', False),
        ((("X-Robots-Tag", "noindex, noai"),), "", True),
        ((("X-Robots-Tag", "otherbot: noai"),), "", False),
        ((("X-Robots-Tag", "OnRecord: noai"),), "", True),
        ((("X-Robots-Tag", "noindex, noarchive"),), "", False),
        ((), 'name=robots content="index, NoAI"', True),
        ((), 'name="description" content="noai"', False),
    ],
)
def test_a_reservation_is_read_from_headers_and_page(
    headers: tuple[tuple[str, str], ...], meta: str, reserved: bool
) -> None:
    assert bool(reserved_by(headers, a_page(meta) if meta else STORY)) == reserved


def test_the_longest_rule_of_a_host_decides() -> None:
    rules = read_tdmrep(
        b'[{"location": "/", "tdm-reservation": 1}, {"location": "/open/*", "tdm-reservation": 0},'
        b' {"location": "/open/*.pdf$", "tdm-reservation": 1}, {"nothing": 1}, 7]'
    )
    paths = ["/news/1", "/open/1", "/open/1.pdf", "/open/1.pdf.html"]
    assert [reserved_for(rules, path) for path in paths] == [True, False, True, False]


@pytest.mark.parametrize(
    "content", [b"", b"<html>", b"{}", b"[[[", b"[" * 100_000, b"\xff\xfe", b'{"location": "/"}']
)
def test_what_is_no_such_file_reserves_nothing(content: bytes) -> None:
    assert not reserved_for(read_tdmrep(content), "/news/1")
