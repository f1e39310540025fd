"""Twenty papers break, each in its own way, as real servers would: all are told within two runs, no quiet one is."""

import datetime as dt
import os
from collections.abc import Callable, Iterable
from contextlib import ExitStack

from crawler.orders import Order, Summary
from crawler.run import crawl
from tests.crawler.small_web import Answer, Site, serving
from tests.engines import Address, folder_of

AT = dt.datetime(2024, 3, 5, 12, tzinfo=dt.UTC)
HTML = {"Content-Type": "text/html; charset=utf-8"}
STORIES = 8  # new ones a run
QUIET = int(os.environ.get("ONRECORD_TEST_QUIET") or 6)  # papers; 100 is full size
SENTENCES = (
    "Inspectors called on home {n} twice in January and found that its records were {n} weeks behind.",
    "Its owner, Fenlight Care, said on day {n} that new staff had come and that more would follow soon.",
    "Councillors heard that {n} of the rooms had been painted, and that the garden was open again.",
    "A second visit, number {n} this year, is planned before the summer, the report says at its end.",
    "Nobody from the home was there to speak when the committee met for {n} minutes on Tuesday night.",
)
SOURCE = '''"""{name}."""

from crawler.platforms.wordpress import WordPress


class Paper(WordPress):
    name = title = {name!r}
    hosts = ("www.{name}.example",)
    feeds = ("http://www.{name}.example/feed/",)
'''


def a_story(
    n: int, *, text: str = "", byline: str = "Tamsin Okoro", day: str = "2024-03-05T08:00:00Z"
) -> bytes:
    paragraphs = text or "".join(f"<p>{sentence.format(n=n)}</p>" for sentence in SENTENCES)
    return f"""<html><head><title>Story {n} - Paper</title></head><body class="single-post"><nav>Menu</nav><article>
<h1 class="entry-title">Story {n}</h1>{f'<span class="byline">By <span class="author">{byline}</span></span>' if byline else ""}
<time class="entry-date published" datetime="{day}">{day[:10]}</time><div class="entry-content">{paragraphs}</div>
</article></body></html>""".encode()


def a_feed(name: str, numbers: Iterable[int]) -> bytes:
    items = "".join(
        f"<item><title>Story {n}</title><link>http://www.{name}.example/{n}/</link>"
        "<pubDate>Tue, 05 Mar 2024 08:00:00 GMT</pubDate></item>"
        for n in numbers
    )
    return (
        f'<?xml version="1.0"?><rss version="2.0"><channel><title>x</title>{items}</channel></rss>'.encode()
    )


def feed(answer: bytes | Answer) -> Callable[[Site], None]:
    return lambda site: site.pages.update({"/feed/": answer})


def robots(rules: bytes) -> Callable[[Site], None]:
    return lambda site: site.pages.update({"/robots.txt": rules})


def pages(answer: Callable[[int], bytes | Answer]) -> Callable[[Site], None]:
    def broken(site: Site) -> None:
        stories = [path for path in site.pages if path.strip("/").isdigit()]
        site.pages.update({path: answer(int(path.strip("/"))) for path in stories})

    return broken


REDESIGNED = "".join(f"<div class=x{n}>{sentence}</div>" for n, sentence in enumerate(SENTENCES))
BREAKAGES: dict[str, Callable[[Site], None]] = {
    "feed_moved": feed((404, HTML, b"not here")),
    "feed_leads_away": feed((301, {"Location": "http://www.elsewhere.example/feed/"}, b"")),
    "feed_empty": feed(a_feed("x", [])),
    "feed_is_a_page": feed((200, HTML, b"<html><body><p>Our feeds have a new home.</p></body></html>")),
    "feed_forbidden": feed((403, HTML, b"")),
    "feed_fails": feed((500, HTML, b"")),
    "feed_of_nothing": feed((200, HTML, b"")),
    "robots_shut": robots(b"User-agent: *\nDisallow: /"),
    "pages_forbidden": pages(lambda n: (403, HTML, b"")),
    "pages_challenged": pages(lambda n: (200, HTML, b"<title>Just a moment...</title><p>Checking</p>")),
    "pages_ask_consent": pages(
        lambda n: (200, HTML, b"<title>Before you continue</title><p>We value your privacy.</p>")
    ),
    "pages_empty": pages(lambda n: (200, HTML, b"\n")),
    "pages_are_shells": pages(lambda n: (200, HTML, b"<div id='root'></div><script src=/app.js></script>")),
    "pages_softly_gone": pages(lambda n: (200, HTML, b"<title>Page not found</title><p>Try our front page.</p>")),
    "pages_gone": pages(lambda n: (410, HTML, b"")),
    "pages_lead_away": pages(lambda n: (302, {"Location": "http://www.elsewhere.example/sign-in"}, b"")),
    "pages_garbled": pages(lambda n: (200, HTML, bytes(range(128, 256)) * 40)),
    "dates_unreadable": pages(lambda n: a_story(n, day="a day in spring")),
    "bylines_gone": pages(lambda n: a_story(n, byline="")),
    "bodies_cut_off": pages(lambda n: a_story(n, text=f"<p>Inspectors called on home {n} twice, we can say.</p>")),
}  # fmt: skip


def test_twenty_papers_break_and_all_are_told_within_two_runs(archive: Address) -> None:
    assert len(BREAKAGES) == 20
    names = [*BREAKAGES, *(f"quiet_{n}" for n in range(QUIET))]
    folder = folder_of(archive) / "sources"
    folder.mkdir()
    sites = {name: Site() for name in names}
    for name in names:
        (folder / f"{name}.py").write_text(SOURCE.format(name=name))
    with ExitStack() as stack:
        hosts = {f"www.{name}.example": stack.enter_context(serving(site)) for name, site in sites.items()}
        order = Order(
            archive=str(archive),
            sources=tuple(names),
            at=AT,
            hosts={host: site.address for host, site in hosts.items()},
            folders=(str(folder),),
        )
        told: list[dict[str, Summary]] = []
        for run in range(3):
            for number, (name, site) in enumerate(sites.items()):
                publish(site, name, run, fewer=number % 3 if name.startswith("quiet") else 0)
                if run and name in BREAKAGES:
                    BREAKAGES[name](site)
            one = Order(**(vars(order) | {"at": AT + run * dt.timedelta(hours=5)}))
            told.append({summary.source: summary for summary in crawl(one)})
    first, _, last = told
    assert {
        name for name, one in first.items() if one.alarms or one.counts.stored != one.counts.fetched
    } == set()
    alarmed = {name for run in told[1:] for name, one in run.items() if one.alarms}
    assert alarmed == set(BREAKAGES)
    assert all(last[name].counts.stored for name in names if name.startswith("quiet"))


def publish(site: Site, name: str, run: int, *, fewer: int) -> None:
    """Eight new stories; a quiet paper prints sometimes fewer, and not all of them signed."""
    new = range(run * STORIES, (run + 1) * STORIES - fewer * run)
    unsigned = fewer and run
    site.pages.update(
        {f"/{n}/": a_story(n, byline="" if unsigned and n % 5 == 0 else "Tamsin Okoro") for n in new}
    )
    site.pages["/feed/"] = a_feed(name, new)
