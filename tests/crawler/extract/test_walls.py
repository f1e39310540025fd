"""A page that stands where a story should is told from a story, whatever its status and its words."""

import pytest

from crawler.errors import ForPayers, NeedsJavaScript, NotThere, Walled
from crawler.extract.html import parse, read_page
from crawler.extract.walls import raise_if_consent

URL = "https://www.wealdenpost.example/a"
STORY = (
    "<p>The council said on Thursday evening that the old pool would be closed for most of the winter.</p>"
    "<p>It has asked an engineer to look at the roof, which nobody thought would last as long as it has.</p>"
)
NOTICE = (
    "<p>We and our partners store information on a device, such as unique identifiers in cookies, to process"
    " personal data. You may accept or manage your choices, also where legitimate interest is used, below.</p>"
)


def page(body: str, title: str = "The Wealden Post") -> bytes:
    return f"<html><head><title>{title}</title></head><body>{body}</body></html>".encode()


@pytest.mark.parametrize(
    ("title", "body"),
    [
        (
            "Just a moment...",
            "<h1>www.wealdenpost.example</h1><p>Checking the site connection security first.</p>" * 3,
        ),
        (
            "Attention Required!",
            "<h1>Sorry, you have been blocked</h1><p>This website is using a security service.</p>" * 3,
        ),
        (
            "Wealden Post",
            "<h1>Are you a robot?</h1><p>Please make sure that your browser supports cookies and scripts.</p>"
            * 3,
        ),
        ("Before you continue", f"<form>{NOTICE * 4}<button>Accept</button></form>"),
        ("Wealden Post", f"<h1>We value your privacy</h1><div>{NOTICE}</div><button>Accept</button>"),
    ],
)
def test_a_challenge_or_a_question_of_consent_is_no_story(title: str, body: str) -> None:
    with pytest.raises(Walled, match="stands before it"):
        read_page(page(body, title), URL)


OFFER = (
    "<div><h2>Wealden Post</h2><p>We and our 842 partners store and/or access information on a device, such as"
    " unique identifiers in cookies, to process personal data.</p><p>Some partners rely on legitimate interest."
    " You may withdraw your consent at any time.</p>"
)
BUTTONS = "<button>Accept all</button><button>Reject all</button><a href='#'>Manage preferences</a></div>"


@pytest.mark.parametrize("title", ["Wealden Post", "Wealden Post: news from the Weald"])
def test_a_keeper_of_consent_under_the_papers_name_is_no_story(title: str) -> None:
    with pytest.raises(Walled, match="consent wall"):
        read_page(page(OFFER + BUTTONS, title), URL)


@pytest.mark.parametrize(
    "body",
    [
        f"{OFFER}{BUTTONS}<h1>Pool shut for the winter</h1>{STORY}",
        f"<h1>Town's papers must ask</h1><p>\"We and our 842 partners store cookies,\" says the paper's page.</p>{STORY}"
        f"<button>Accept all</button><button>Reject all</button>",
    ],
)
def test_a_story_beside_such_an_offer_or_about_one_is_a_story(body: str) -> None:
    assert "The council said on Thursday" in read_page(page(body), URL).article.text


def test_a_story_in_boxes_without_paragraphs_is_no_wall() -> None:
    story = f"<h1>Pool shut for the winter</h1><div>{STORY.replace('p>', 'div>')}</div>"
    raise_if_consent(parse(page(f"{story}{OFFER}{BUTTONS}"), None))
    with pytest.raises(Walled):
        raise_if_consent(parse(page(f"<h1>The Wealden Post</h1>{OFFER}{BUTTONS}"), None))


@pytest.mark.parametrize(
    "body",
    [
        "<div id='root'></div><script src='/main.js'></script>",
        f"<div id='app'><span>Loading</span></div><script src='/main.js'></script><footer>{NOTICE}</footer>",
        "<noscript>You need to enable JavaScript to run this app.</noscript><div class='x'></div>",
        "<p>JavaScript is disabled. Please turn it on in the settings of your browser, and then load this page anew.</p>",
        "<app-root></app-root><script src='runtime.js'></script>",
    ],
)
def test_an_empty_shell_needs_javascript(body: str) -> None:
    with pytest.raises(NeedsJavaScript):
        read_page(page(body), URL)


@pytest.mark.parametrize(
    ("title", "body"),
    [
        (
            "Old pool to close",
            f"<article><h1>Old pool to close</h1>{STORY}</article><div role='dialog'><h2>We value your privacy</h2>{NOTICE}</div>",
        ),
        (
            "What cookie consent means for you",
            f"<article><h1>What cookie consent means</h1>{STORY * 4}</article>",
        ),
        (
            "Old pool to close",
            f"<div id='root'><article>{STORY}</article></div><script src='/main.js'></script>",
        ),
        ("Old pool to close", f"<article>{STORY}</article><noscript><img src='/pixel'></noscript>"),
    ],
)
def test_a_story_that_has_such_things_about_it_is_read(title: str, body: str) -> None:
    assert "asked an engineer" in read_page(page(body, title), URL).article.text


def test_a_teaser_in_front_of_a_wall_is_not_free() -> None:
    wall = "<div class='c-paywall'><p>Subscribe to read on.</p></div>"
    assert not read_page(page(f"<article>{STORY}{wall}</article>"), URL).free
    assert read_page(page(f"<article>{STORY}</article>"), URL).free
    longer = "".join(f"<p>{n} {words}</p>" for n in range(8) for words in STORY.split("</p>")[:2])
    assert read_page(page(f"<article>{longer}{wall}</article>"), URL).free


@pytest.mark.parametrize(
    "heading",
    [
        "Sorry, this page could not be found",
        "Oops! We can't find that page",
        "404",
        "Error 404: not found",
        "The page you were looking for does not exist",
        "This article is no longer available",
    ],
)
def test_a_page_that_excuses_itself_is_not_there(heading: str) -> None:
    with pytest.raises(NotThere):
        read_page(page(f"<main><h1>{heading}</h1><p>{EXCUSE}</p></main>", "The Wealden Post"), URL)


EXCUSE = (
    "It may have moved, or the link that you followed may be out of date. Try our front page or a search."
)


@pytest.mark.parametrize(
    "heading",
    [
        "404 homes are to be built by the weir",
        "Content was removed from the council's site",
        "Page turns for library",
    ],
)
def test_a_story_under_such_words_is_a_story(heading: str) -> None:
    assert (
        "asked an engineer"
        in read_page(page(f"<article><h1>{heading}</h1>{STORY}</article>"), URL).article.text
    )


@pytest.mark.parametrize(
    "offer",
    [
        "<p>This story is for subscribers.</p><p>Subscribe today from one pound a week to read the rest of it and"
        " everything else that we print.</p>",
        "<p>You have read your free articles for this month, and we hope that you liked them.</p>"
        "<p>Register for nothing and continue reading at once.</p>",
        "<p>To continue reading you need to sign in, which takes less than a minute of your time.</p>"
        "<p>Already have an account? Sign in.</p>",
    ],
)
def test_an_offer_alone_is_no_story(offer: str) -> None:
    with pytest.raises(ForPayers):
        read_page(page(f"<article><h1>Old pool to close</h1>{offer}</article>"), URL)
    read = read_page(page(f"<article><h1>Old pool to close</h1>{STORY}{offer}</article>"), URL)
    assert (read.free, read.offered) == (True, True), "words alone decide nothing where a story is told"
    assert not read_page(page(f"<header>{offer}</header><article>{STORY}</article>"), URL).offered
