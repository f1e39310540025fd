"""The text of a story: what the readers agree on, without what is built as no part of it."""

from collections.abc import Sequence
from functools import cache

import pytest
from lxml.html import HtmlElement, document_fromstring

from crawler.extract.agreement import agreed, as_told, coverage
from crawler.extract.blocks import Block, blocks_of, lighten
from crawler.extract.html import parse
from crawler.extract.story import READERS, story_text, text_within
from tests.crawler.extract.invented_pages import Page, pages
from tests.crawler.extract.shingles import f1, precision_and_recall

FIRST = "The council said on Thursday evening that the old pool would be closed for most of the winter."
SECOND = "It has asked an engineer to look at the roof, which nobody thought would last as long as it has."
THIRD = "Those who swim there have been told that the pool in the next town is open to them until the spring."
LAST = "A report is to be published in March, and councillors will decide then what should be done with it."


@cache
def invented() -> list[Page]:
    return pages(rounds=1)


def tree_of(body: str) -> HtmlElement:
    return document_fromstring(f"<html><body>{body}</body></html>")


def read(body: str) -> list[Block]:
    return blocks_of(tree_of(body))


def test_stories_on_pages_of_thirty_makes_are_read_better_than_by_any_reader_alone() -> None:
    def by(reader: object) -> list[tuple[str, str]]:
        return [(reader(parse(page.content)), page.story.text) for page in invented()]  # type: ignore[operator]

    ours = by(story_text)
    assert f1(ours)[0] > 0.99
    assert min(precision_and_recall(*pair)[1] for pair in ours) > 0.9, "no page loses much of its story"
    assert all(f1(by(reader))[0] < f1(ours)[0] - 0.02 for reader in READERS)


@pytest.mark.parametrize(
    "noise",
    [
        "<p><strong>Read more: <a href='/1'>Bridge over the canal to be sold by auction</a></strong></p>",
        "<p><a href='/1'>Bridge over the canal to be sold by auction in May</a></p>",
        "<h3>More like this</h3><ul><li><a href='/1'>Bridge to be sold at auction</a></li></ul>",
        "<figure><img src='a.jpg'><figcaption>The pool as it was in 1934</figcaption></figure>",
        "<div class='k1'><div><img src='a.jpg'></div><span>The pool as it was, seen in 1934.</span></div>",
        "<p><img src='a.jpg'><br><em>The pool as it was in 1934</em></p>",
        "<aside><p>The pool was opened in 1934 by a mayor who could not swim.</p></aside>",
        "<div class='z'><p>Get the day’s news in one letter each morning.</p><form><input><button>Go</button></form></div>",
        "<p><em>Sign up for our newsletter <a href='/n'>here</a>, it is free and you may leave.</em></p>",
        "<p>For all our stories on one page, <a href='/subscribe/now'>subscribe today</a> for a pound a month.</p>",
        "<p>Sign up to our daily letter and get the news of the county before breakfast.</p>",
        "<p>(Image: Len Shutter)</p>",
        "<div>Advertisement</div>",
        "<p>Article continues below</p>",
        "<p>4 min read</p>",
        "<blockquote><p>nobody thought would last as long as it has</p></blockquote>",
    ],
)
def test_what_is_no_part_of_the_story_is_left_out(noise: str) -> None:
    story = [FIRST, SECOND, THIRD, LAST]
    paragraphs = [f"<p>{words}</p>" for words in story]
    body = "".join((*paragraphs[:3], noise, *paragraphs[3:]))
    page = f"<article><h1>Pool to close</h1><div class='text'>{body}</div></article>"
    assert story_text(tree_of(page)) == "\n".join(story)


@pytest.mark.parametrize(
    "part",
    [
        "<h2>What happens next</h2>",
        "<h2><a href='#next'>What happens next to the pool</a></h2>",
        "<figure><pre>let the water = in;</pre></figure>",
        "<p><a href='/1'>It has asked an engineer, and a roofer from the next town, to look at it.</a></p>",
        "<p>It has <a href='/1'>asked an engineer</a> to look at the roof for it.</p>",
        "<p>The chat service said you could follow the group in its new <a href='/1'>messaging app</a>, which a"
        " million people in the county use to hear of closures, floods and the times of the last bus home.</p>",
        "<blockquote><p>We have waited a long time for this, and would like it done.</p></blockquote>",
        "<table><tr><td>Pools</td><td>12</td></tr><tr><td>Baths</td><td>3</td></tr></table>",
        "<p>The papers that were put before the committee are these four:</p>"
        "<ul><li><a href='/1'>The engineer's report on the roof</a></li><li><a href='/2'>What it would cost</a></li></ul>",
    ],
)
def test_what_is_part_of_the_story_stays(part: str) -> None:
    story = tree_of(f"<div><p>{FIRST}</p><p>{SECOND}</p>{part}<p>{THIRD}</p><p>{LAST}</p></div>")
    wanted = "\n".join(block.text for block in read(part))
    assert wanted in text_within(story)


STORY = (FIRST, SECOND, THIRD, LAST)
POOL = (
    "市议会星期四晚上宣布，旧游泳池将在冬季的大部分时间里关闭。",
    "会议开到将近十一点，有六十名居民旁听。",
    "修缮费用将超过四百万元，大约是该区每年用于所有公园的开支的两倍。",
    "到星期五下午已有两千多人签名，他们说不会放弃。",
)


def told(paragraphs: Sequence[str]) -> str:
    return "".join(f"<p>{words}</p>" for words in paragraphs)


@pytest.mark.parametrize(
    ("body", "lines"),
    [
        (f"<div class='b'><a name='top'>{told(STORY)}</a></div>", STORY),
        (f"<div id='shell'>Loading</div><noscript><div>{told(STORY)}</div></noscript>", STORY),
        (f"<div>{told(STORY[:2])}<div style='display:none'>{told(STORY[2:])}</div></div>", STORY),
        (
            f"<div class='page'>{told(STORY[:2])}</div><div class='page' hidden>{told(STORY[2:])}</div>",
            STORY,
        ),
        (
            f"<h2>Why now?</h2><p>{FIRST}</p><h2>What next?</h2><p>{SECOND}</p><p>{THIRD}</p>",
            ("Why now?", FIRST, "What next?", SECOND, THIRD),
        ),
        (
            f"<div>{told(STORY)}<p>Ada Quill is the council reporter of the Courier.</p>"
            "<p>© 2021 Larkshire Press. All rights reserved.</p></div>",
            STORY,
        ),
        (f"<h1>游泳池</h1><div><div>{told(POOL)}</div></div><ul><li><a href='/1'>桥</a></li></ul>", POOL),
    ],
    ids=["anchor", "noscript", "unfolded", "paged", "first heading", "imprint", "chinese"],
)
def test_pages_of_unusual_make_give_the_whole_story(body: str, lines: Sequence[str]) -> None:
    page = f"<article><h1>Pool to close</h1>{body}</article>"
    assert story_text(tree_of(page)).splitlines() == list(lines)


def test_a_rule_that_would_take_most_of_the_story_is_not_followed() -> None:
    posts = "".join(
        f"<div class='post'><p>{words}</p><button>Share</button></div>"
        for words in (FIRST, SECOND, THIRD, LAST)
    )
    assert text_within(tree_of(posts)) == "\n".join((FIRST, SECOND, THIRD, LAST))


def test_blocks_are_what_a_reader_sees_as_lines() -> None:
    blocks = read(
        "<p>One <b>and</b> <a href='/'>two three</a></p>four<br>five<div>six<p>seven</p>eight</div>"
        "<button>no</button><table><tr><td>nine</td><td>ten</td></tr></table>"
    )
    assert [block.text for block in blocks] == [
        "One and two three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine ten",
    ]
    assert (blocks[0].linked, blocks[0].stressed, blocks[0].before_link) == (2, 1, 2)


def test_what_is_hidden_is_left_out_but_not_a_story_that_waits_for_a_script() -> None:
    tree = tree_of(f"<p>{FIRST}</p><p>{SECOND}</p><div style='display: none'><p>Secret.</p></div>")
    lighten(tree)
    assert "Secret" not in tree.text_content()
    waiting = tree_of(f"<p>Loading.</p><div hidden><p>{FIRST}</p></div>")
    lighten(waiting)
    assert FIRST in waiting.text_content()


def test_coverage_counts_words_in_runs_of_four_and_whole_lines() -> None:
    blocks = read("<p>one two three four five</p><p>Menu</p><p>six seven eight nine</p>")
    assert [*coverage(blocks, "one two three four\nMenu")] == [[0.8, 1.0, 0.0]]


def test_a_reading_that_lost_the_story_does_not_count() -> None:
    blocks = read(f"<p>{FIRST}</p><p>{SECOND}</p><p>{THIRD}</p><p>Menu</p>")
    whole = "\n".join((FIRST, SECOND, THIRD))
    assert agreed(blocks, [whole, "Menu", f"{whole}\nMenu"]) == [1.0, 1.0, 1.0, 0.5]


def test_the_pages_own_text_decides_over_paragraphs_unless_it_is_a_beginning() -> None:
    blocks = read(f"<p>{FIRST}</p><p>{SECOND}</p><p>{THIRD}</p><p>{LAST}</p>")
    kept = [True, True, True, False]
    assert as_told(blocks, kept, "\n".join((FIRST, SECOND, THIRD, LAST))) == [True] * 4
    assert as_told(blocks, [True] * 4, "\n".join((FIRST, SECOND, THIRD))) == [True, True, True, False]
    assert as_told(blocks, kept, FIRST) == kept
