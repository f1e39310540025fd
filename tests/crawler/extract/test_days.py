"""When a page was published, from the surest word on it to the least."""

import pytest

from crawler.extract.days import day_of
from crawler.extract.html import read_page

URL = "https://www.wealdenpost.example/news/home-must-improve"
BODY = (
    "<p>A children’s home in Kent was told to improve after two inspectors visited it in January.</p>"
    "<p>The home, run by Oasthouse Care, looks after up to three children and is not named.</p>"
)


def published(head: str = "", body: str = f"<article>{BODY}</article>", url: str = URL) -> tuple[str, str]:
    html = f"<html><head>{head}</head><body>{body}</body></html>"
    article = read_page(html.encode(), url, "text/html; charset=utf-8").article
    return str(article.published), article.published_from


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2024-03-05T23:30:00Z", "2024-03-05"),
        ("2024-07-05T23:30:00Z", "2024-07-06"),
        ("2024-07-05T23:30:00-05:00", "2024-07-05"),
        ("2024-07-05T00:10:00+01:00", "2024-07-05"),
        ("2024-07-05 00:10", "2024-07-05"),
        ("Fri, 05 Jul 2024 10:15:00 +0100", "2024-07-05"),
        ("20240705", "2024-07-05"),
        ("2024/07/05", "2024-07-05"),
        ("2024-07", "2024-07"),
        ("0001-01-01T00:00:00Z", "0001-01-01"),
        ("9999-12-31T23:59:59+00:00", "9999-12-31"),
        ("next Friday", None),
        ("2024-07-35", None),
        ("2024-7-5", "2024-07-05"),
        ("2024-07-05 | 10:15", "2024-07-05"),
        ("05.07.2024, 10:15 Uhr", "2024-07-05"),
        ("5.7.2024", "2024-07-05"),
        ("35.07.2024", None),
        ("20240735", None),
        (20240705, None),
    ],
)
def test_a_day_is_read_as_the_source_means_it(text: object, day: str | None) -> None:
    assert day_of(text) == day


@pytest.mark.parametrize(
    "head",
    [
        '<script type="application/ld+json">{"@type": "WebPage", "datePublished": "2024-02-10T06:00:00Z"}</script>',
        '<script type="application/ld+json">{"@graph": [{"@type": "Article", "datePublished": "2024-02-10"}]}</script>',
        '<meta name="parsely-pub-date" content="2024-02-10T06:00:00Z">',
        '<meta name="DC.date.issued" content="2024-02-10">',
        '<meta itemprop="datePublished" content="2024-02-10">',
        '<meta name="date" content="10.02.2024">',
        '<script type="application/ld+json">{"@type": "TechArticle", "datePublished": "2024-02-10"}</script>',
        '<script type="application/ld+json">{"@type": "Recipe", "datePublished": "2024-02-10"}</script>',
        '<script type="application/ld+json">{"@type": "Article", "datePublished": "2024-02-10",}</script>',
        '<meta name="date" content="2024"><meta name="pubdate" content="2024-02-10">',
        '<meta name="date" content="1970-01-01"><meta name="pubdate" content="2024-02-10">',
    ],
)
def test_data_about_the_page_are_read_in_all_their_forms(head: str) -> None:
    assert published(f'<meta name="x" content="2019-01-01">{head}') == ("2024-02-10", "page")


def test_a_marked_element_is_the_pages_word_and_a_time_in_the_menu_is_not() -> None:
    menu = "<nav><time datetime='2021-01-01'>1 January</time></nav>"
    article = f"<article><time datetime='2024-02-10T06:00'>10 Feb</time>{BODY}</article>"
    assert published(body=menu + article) == ("2024-02-10", "page")
    assert published(body=f"<span itemprop='datePublished'>2024-02-10</span>{BODY}") == ("2024-02-10", "page")


@pytest.mark.parametrize(
    "body",
    [
        f"<article><time datetime='2021-01-01'>then</time><p>Another.</p></article>"
        f"<article><h1>Home</h1><time datetime='2024-02-10'>10 Feb</time>{BODY}</article>",
        f"<article><time class='updated' datetime='2024-03-01'>1 March</time><time datetime='2024-02-10'></time>{BODY}</article>",
        f"<div>{BODY}<abbr class='published' title='2024-02-10T06:00:00+01:00'>on Saturday</abbr></div>",
    ],
    ids=["under the heading", "not of a change", "blog"],
)
def test_of_several_times_that_of_the_story_counts(body: str) -> None:
    assert published(body=body) == ("2024-02-10", "page")


def test_a_storys_own_foot_is_read_and_the_sites_is_not() -> None:
    foot = "<footer class='entry-footer'>Posted on 10 February 2024</footer>"
    assert published(body=f"<div>{BODY}{foot}</div>") == ("2024-02-10", "words")
    assert published(body=f"<div>{BODY}{foot.replace('entry-footer', 'site')}</div>") == ("None", "none")


@pytest.mark.parametrize(
    ("path", "day"),
    [
        ("2024/02/10/home", "2024-02-10"),
        ("20240210/home", "2024-02-10"),
        ("2024-02-10-home", "2024-02-10"),
        ("news/home-20240210.html", "2024-02-10"),
        ("news/home_2024-02-10", "2024-02-10"),
    ],
)
def test_an_address_with_a_day_comes_next(path: str, day: str) -> None:
    assert published(url=f"https://www.wealdenpost.example/{path}") == (day, "address")


def test_a_day_in_words_is_the_least_sure_and_surer_than_a_month_in_the_address() -> None:
    body = f"<article><h1>Home</h1><p class='date'>10 February 2024</p>{BODY}</article>"
    assert published(body=body) == ("2024-02-10", "words")
    assert published(body=body, url="https://www.wealdenpost.example/2024/02/home") == ("2024-02-10", "words")
    assert published(url="https://www.wealdenpost.example/2024/02/home") == ("2024-02", "address")
