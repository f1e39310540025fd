"""News pages read: what the platform declares, what the page says of itself, and nothing but the story."""

import pytest

from crawler.errors import Unreadable
from crawler.extract.bylines import agency_of, tidy_byline
from crawler.extract.days import day_of
from crawler.extract.html import Page, Template, read_page

URL = "https://www.wealdenpost.example/2024/02/09/home-must-improve"
BODY = (
    "<p>A children’s home in Kent was told to improve after two inspectors visited it in January.</p>"
    "<p>The home, run by Oasthouse Care, looks after up to three children and is not named.</p>"
)


def read(head: str = "", body: str = f"<article>{BODY}</article>", **given: object) -> Page:
    html = f"<html><head>{head}</head><body><nav>Menu</nav>{body}</body></html>"
    return read_page(html.encode(), **({"url": URL, "content_type": "text/html; charset=utf-8"} | given))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("head", "published", "how"),
    [
        ('<meta property="article:published_time" content="2024-02-10T06:00:00Z">', "2024-02-10", "page"),
        ('<meta property="article:published_time" content="2024-06-10T23:30:00Z">', "2024-06-11", "page"),
        (
            '<script type="application/ld+json">{"@type":"NewsArticle","datePublished":"2024-02"}</script>',
            "2024-02",
            "page",
        ),
        ('<script type="application/ld+json">{broken</script>', "2024-02-09", "address"),
        ("", "2024-02-09", "address"),
    ],
)
def test_the_date_is_the_pages_own_before_that_of_its_address(head: str, published: str, how: str) -> None:
    article = read(head).article
    assert (str(article.published), article.published_from) == (published, how)


def test_no_date_is_better_than_a_guess() -> None:
    page = read(
        body=f"<article>{BODY}</article><footer>© 2019 Post. Updated 3 March 2021</footer>",
        url="https://x.example/a",
    )
    assert (page.article.published, page.article.published_from) == (None, "none")


def test_a_story_in_a_graph_of_linked_data_is_found() -> None:
    graph = (
        '{"@graph":[{"@type":"WebSite","name":"W"},{"@type":["Article","NewsArticle"],"headline":"H &amp; S",'
        '"author":[{"name":"A Person"},{"name":"B Person"}],"articleSection":["News","Kent"],'
        '"dateModified":"2024-02-12","publisher":{"name":"Wealden Post"},"isAccessibleForFree":false}]}'
    )
    page = read(f'<script type="application/ld+json">{graph}</script>')
    article = page.article
    assert (article.byline, article.section, article.modified) == ("A Person, B Person", "News", "2024-02-12")
    assert (article.outlet, page.free) == ("Wealden Post", False)


@pytest.mark.parametrize(
    ("href", "canonical"),
    [
        ("/news/home", "https://www.wealdenpost.example/news/home"),
        ("https://www.wealdenpost.example/", None),
        ("https://elsewhere.example/news/home", None),
        ("javascript:alert(1)", None),
    ],
)
def test_a_page_names_its_address_only_on_its_own_site(href: str, canonical: str | None) -> None:
    page = read(f'<link rel="canonical" href="{href}">')
    assert (page.canonical, page.article.url) == (canonical, canonical or URL)


def test_a_template_names_the_story_and_what_to_drop() -> None:
    template = Template(name="t", headline="h1.title", byline=".by", body=".story", drop=(".promo",))
    body = (
        '<h1>Site</h1><h1 class="title">Home must improve</h1><p class="by">By Ada Quill</p>'
        f'<div class="story">{BODY}<div class="promo"><p>Subscribe for only one pound a month.</p></div>'
        "<figure><figcaption>The offices</figcaption></figure></div><p>Other news of the day.</p>"
    )
    page = read(body=body, template=template)
    assert (page.article.title, page.article.byline, page.missing) == ("Home must improve", "Ada Quill", ())
    assert page.article.text.count("\n") == 1
    assert "Subscribe" not in page.article.text
    assert page.article.captions == ("The offices",)


def test_what_the_template_seeks_in_vain_is_told() -> None:
    template = Template(name="t", headline="h1.new", published="time.new", body=".new")
    page = read(template=template)
    assert page.missing == ("headline", "published", "body")
    assert "Oasthouse Care" in page.article.text


@pytest.mark.parametrize("charset", ["utf-8", "cp1252", "utf-16"])
def test_the_charset_is_found_where_the_server_names_it(charset: str) -> None:
    content = f"<html><body><article>{BODY}</article></body></html>".encode(charset)
    assert "children’s" in read_page(content, URL, f"text/html; charset={charset}").article.text


def test_the_charset_is_found_where_only_the_bytes_tell_it() -> None:
    content = f"<html><body><article>{BODY}</article></body></html>".encode("cp1252")
    assert "children’s" in read_page(content, URL, "text/html").article.text


@pytest.mark.parametrize(
    "content", [b"", b"\x00\x00", b"<html><body><p>Short.</p></body></html>", b"<!-- -->"]
)
def test_a_page_without_a_story_is_no_empty_success(content: bytes) -> None:
    with pytest.raises(Unreadable):
        read_page(content, URL)


@pytest.mark.parametrize(
    ("byline", "text", "agency"),
    [
        ("Ada Quill, Local Democracy Reporter", "A. B.", "LDRS"),
        (
            "Ada Quill",
            "First.\nSecond.\nThis report was provided by the Local Democracy Reporting Service.",
            "LDRS",
        ),
        ("PA", "x", "PA"),
        ("Ada Quill, PA Media", "x", "PA"),
        ("Ada Quill", "The PA system failed.", None),
        (None, "One.\nTwo.\nA local democracy reporter was asked to leave the meeting.\nFour.\nFive.", None),
    ],
)
def test_the_agency_is_credited(byline: str | None, text: str, agency: str | None) -> None:
    assert agency_of(byline, text) == agency


@pytest.mark.parametrize(
    "marked",
    [
        "<p class='byline'>By <a rel='author' href='/a'>Ada Quill</a> | 10 February 2024</p>",
        "<span itemprop='author'><b itemprop='name'>Ada Quill</b>, chief reporter</span>",
        "<div class='c-byline'>Written by Ada Quill</div>",
        "<div class='article-byline'>By Ada Quill 10:15, 10 Feb 2024</div>",
    ],
)
def test_a_byline_is_found_where_it_is_marked(marked: str) -> None:
    assert read(body=f"<article>{marked}{BODY}</article>").article.byline == "Ada Quill"


@pytest.mark.parametrize(
    ("text", "tidy"),
    [
        ("By  Ada\nQuill", "Ada Quill"),
        ("by: Ada Quill |", "Ada Quill"),
        ("https://x.example/a", None),
        (" ", None),
        (None, None),
    ],
)
def test_a_byline_is_a_name(text: str | None, tidy: str | None) -> None:
    assert tidy_byline(text) == tidy


@pytest.mark.parametrize(
    ("text", "date"), [("2024-03", "2024-03"), ("March 2024", None), (None, None), ("2024-13-01", None)]
)
def test_only_iso_dates_are_read(text: str | None, date: str | None) -> None:
    assert day_of(text) == date


@pytest.mark.parametrize(
    ("line", "byline", "agency"),
    [
        ("<p class='by'>By Alison Grey</p>", "Alison Grey", None),
        (
            "<div>By Alison Grey, Local Democracy Reporter</div>",
            "Alison Grey, Local Democracy Reporter",
            "LDRS",
        ),
        ("<p>By Local Democracy Reporting Service</p>", "Local Democracy Reporting Service", "LDRS"),
        ("<div><p>By Ruth O'Hara and Tom Moss</p><p>12 May</p></div>", "Ruth O'Hara and Tom Moss", None),
        ("<p>By Tuesday The Council</p>", None, None),
        ("<p>By Alison Grey.</p>", None, None),
        ("<p>By Alison Grey, a play in three acts</p>", None, None),
        (f"{BODY}<p>By Alison Grey</p>", None, None),
    ],
)
def test_a_byline_is_found_unmarked_between_heading_and_story(
    line: str, byline: str | None, agency: str | None
) -> None:
    article = read(body=f"<article><h1>Home must improve</h1>{line}{BODY}</article>").article
    assert (article.byline, article.agency) == (byline, agency)


@pytest.mark.parametrize(
    ("closing", "agency"),
    [
        ("<p>Copyright (c) PA Media Limited</p>", "PA"),
        ("<p>Copyright (c) PA Media Limited 2024, All Rights Reserved.</p>", "PA"),
        ("<p>© PA</p>", "PA"),
        ("<div><small>&copy; 2024 Press Association</small></div>", "PA"),
        ("<p>© Wealden Papers Limited 2024</p>", None),
        ("<p>Copyright is a matter for the PA system’s makers.</p>", None),
        ("<figure><img src='a.jpg'><figcaption><p>x</p><p>© PA</p></figcaption></figure>", None),
        ("<div class='image-credit'><p>A roof.</p><p>© PA Media</p></div>", None),
        ("<p>© PA</p><p>The council will meet again in March to talk about it.</p>", None),
    ],
)
def test_a_closing_line_of_copyright_credits_the_agency(closing: str, agency: str | None) -> None:
    assert read(body=f"<article><h1>Home must improve</h1>{BODY}{closing}</article>").article.agency == agency
