"""Feeds as documents: valid for any text, with lasting names; pure functions, nothing is served."""

import datetime as dt
import json
from collections.abc import Sequence
from pathlib import Path

import feedparser
import pytest

from archive.feeds.answering import FORMS
from archive.feeds.characters import fit, line
from archive.feeds.names import name_of
from archive.feeds.shape import Entry, Feed, Gone
from tests.archive.feed_rules import faults

AT = dt.datetime(2024, 6, 3, 9, 30, tzinfo=dt.UTC)
HOSTILE = (
    "",
    " \n\t ",
    "<script>alert(1)</script>",
    "]]><!-- --><![CDATA[ &amp; &#0; &lt;b&gt;",
    "a\x00b\x07c\x1bd\x7fe\x9ff",
    "lone \ud800 and \udfff surrogates",
    "no characters \ufffe \uffff \ufdd0 \U0001ffff \U0010fffe",
    "turned \u202egnirts\u202c \u2067isolated\u2069 \u200f",
    "x" * 200_000,
    "é" * 5_000 + " " + "👩‍👩‍👧‍👦" * 500,
    "z\u0300\u0301\u0302" * 4_000,
    "\r\n\r\nSet-Cookie: a=b",
    "<?xml version='1.0'?><!DOCTYPE x [<!ENTITY a 'b'>]>&a;",
    "=cmd|' /C calc'!A0",
    "\ufeff\u2028\u2029\u0085",
)


def feed(titles: Sequence[str], *, gone: int = 2) -> Feed:
    """A feed of entries with these titles, which are their texts too."""
    base = "https://archive.example"
    return Feed(
        id=name_of(base, "feed", "setting", "s-1"),
        title=titles[0],
        page=f"{base}/settings/s-1",
        links={"self": f"{base}/settings/s-1.atom", "prev-archive": f"{base}/settings/s-1.atom?archive=1"},
        entries=tuple(
            Entry(
                id=name_of(base, "story", number),
                url=f"{base}/articles/a-{number}",
                title=title,
                text=f"{title}\n{title}",
                published=AT,
                updated=AT,
            )
            for number, title in enumerate(titles)
        ),
        gone=tuple(Gone(id=name_of(base, "gone", number), at=AT) for number in range(gone)),
    )


@pytest.mark.parametrize("form", FORMS)
def test_a_feed_is_valid_for_any_text(form: str) -> None:
    write, _ = FORMS[form]
    assert faults(write(feed(HOSTILE)), form) == []
    for title in HOSTILE:
        assert faults(write(feed([title], gone=0)), form) == [], title[:40]


@pytest.mark.real
@pytest.mark.parametrize("form", FORMS)
def test_every_known_payload_and_naughty_string_is_a_valid_title(form: str, shared: Path) -> None:
    payloads = json.loads((shared / "suites/attacks/xss_all_unique.json").read_text())
    naughty = next((shared / "suites/strings/blns").rglob("blns.json"))
    strings = [str(one) for one in [*payloads, *json.loads(naughty.read_text())]]
    assert len(strings) == 10_117 + 515
    write, _ = FORMS[form]
    assert faults(write(feed(strings)), form) == []


def test_what_can_be_kept_of_a_text_is_kept() -> None:
    assert fit("a\x00\r\nb\rc\td") == "a\nb\nc\td"
    assert fit("Zoë’s café — £5 👍 日本") == "Zoë’s café — £5 👍 日本"
    assert line("  two\n\n words ") == "two words"
    assert line("\u202e") == "–"
    assert len(line("x" * 999)) == 300


def test_readers_see_titles_as_they_were_meant() -> None:
    title = "Tom & Jerry <b>fell</b> 5 > 3"
    (entry,) = feedparser.parse(FORMS["atom"][0](feed([title], gone=0))).entries
    assert (entry.title, entry.title_detail.type) == (title, "text/plain")
    (entry,) = feedparser.parse(FORMS["rss"][0](feed([title], gone=0))).entries
    assert entry.title == "Tom & Jerry ‹b›fell‹/b› 5 › 3", "nobody knows whether it is HTML"
    (item,) = json.loads(FORMS["json"][0](feed([title])))["items"]
    assert item["title"] == title


def test_a_name_lasts_whatever_address_it_is_read_by() -> None:
    assert name_of("https://News.Archive.example:8443/x", "story", "s/1") == (
        "tag:news.archive.example,2026-01-01:story/s%2F1"
    )
    assert name_of(None, "story", "s-1") == name_of("http://[::1]:8000", "story", "s-1")
    assert name_of(None, "story", "s-1").startswith("urn:uuid:")
    assert name_of(None, "story", "s-1") != name_of(None, "story", "s-2")


def test_what_went_is_told_without_a_word_of_it() -> None:
    one = feed(["A headline"])
    atom, rss, told = (FORMS[form][0](one) for form in ("atom", "rss", "json"))
    assert atom.count(b"deleted-entry ") == 2
    assert [item["id"] for item in json.loads(told)["_deleted"]["items"]] == [gone.id for gone in one.gone]
    items = [item for item in feedparser.parse(rss).entries if item.id in {gone.id for gone in one.gone}]
    assert {(item.title, item.summary, item.get("link")) for item in items} == {
        ("Withdrawn", "This entry no longer stands.", None)
    }
