"""Addresses: what tells documents apart, and what only says where the reader came from."""

import itertools

import pytest

from storage.addresses import canonical, host

STORY = "https://www.paper.example/news/story-17?id=4&page=2"
SAME = [
    "HTTPS://WWW.Paper.Example/news/story-17?id=4&page=2",
    "http://www.paper.example/news/story-17?id=4&page=2",
    "https://www.paper.example:443/news/story-17?id=4&page=2",
    "https://www.paper.example/news/story-17/?page=2&id=4",
    "https://www.paper.example/news/story-17?id=4&page=2#comments",
    "https://www.paper.example/news//story-17?id=4&page=2",
    "https://www.paper.example/news/story-17?utm_source=x&id=4&utm_medium=y&page=2&fbclid=Z",
    "https://www.paper.example/news/story-17?id=4&page=2&ref=rss&at_campaign=tw&CMP=share",
    "  https://www.paper.example/news/story%2D17?id=4&page=2\n".replace("%2D", "-"),
]
DIFFERENT = [
    "https://www.paper.example/news/story-17?id=4",
    "https://www.paper.example/news/story-17?id=5&page=2",
    "https://www.paper.example/news/Story-17?id=4&page=2",
    "https://www.paper.example:8443/news/story-17?id=4&page=2",
    "https://paper.example/news/story-17?id=4&page=2",
    "https://www.paper.example/news/story-17?id=4&page=2&cid=9",
    "https://www.paper.example/news/story-17?id=4&page=2&cid=8",
    "https://www.paper.example/news/story-17?id=4&page=2&ref=24/0113/FUL",
    "https://www.paper.example/news/story-17?id=4&page=2&gallery=3",
    "https://www.paper.example/news/story-17?id=4&page=2&source=",
]


@pytest.mark.parametrize("url", SAME)
def test_spellings_of_one_document_are_one(url: str) -> None:
    assert canonical(url) == canonical(STORY)


def test_documents_are_never_merged() -> None:
    spelled = [canonical(url) for url in [STORY, *DIFFERENT]]
    assert len(set(spelled)) == len(spelled)


@pytest.mark.parametrize("url", [STORY, "https://a.example/caf%c3%a9?q=é", "https://a.example/?p=1", *SAME])
def test_a_canonical_address_is_its_own(url: str) -> None:
    assert canonical(canonical(url)) == canonical(url)


def test_percent_escapes_compare_by_what_they_mean() -> None:
    spelled = ["https://a.example/caf%c3%a9", "https://a.example/caf%C3%A9", "https://a.example/café"]
    assert len({canonical(url) for url in spelled}) == 1


@pytest.mark.parametrize("odd", ["file:story-1", "http://[x", "", "javascript:alert(1)", "not an address"])
def test_what_is_no_web_address_is_left_alone(odd: str) -> None:
    assert canonical(odd) == odd


def test_repeated_parameters_keep_their_order() -> None:
    one, other = "https://a.example/?a=2&a=1", "https://a.example/?a=1&a=2"
    assert canonical(one) != canonical(other)
    assert all(canonical(f"https://a.example/?{'&'.join(p)}") for p in itertools.permutations(["b=1", "a=1"]))


def test_the_host_is_read_without_port_and_case() -> None:
    assert host("HTTP://WWW.Paper.Example:8001/x") == "www.paper.example"
    assert host("http://[x") == ""
    assert host("file:story") == ""
