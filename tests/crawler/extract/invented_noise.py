"""What stands on news pages around a story and among its paragraphs, in the markup of many makers."""

import html
import json
import random

from tests.crawler.extract.invented_stories import headline, paragraph, sentence

_SECTIONS = (
    "News",
    "Sport",
    "Opinion",
    "Business",
    "What's On",
    "Jobs",
    "Property",
    "Obituaries",
    "Travel",
    "Food",
)


def link(rng: random.Random) -> str:
    """Another story, linked."""
    return f'<a href="/news/{rng.randint(10**6, 10**7)}">{html.escape(headline(rng))}</a>'


def menu(rng: random.Random, tag: str = "nav") -> str:
    """A site's menu, of dozens of links."""
    items = "".join(
        f'<li class="menu-item i{n}"><a href="/{n}/"><span>{name} {n}</span></a><div class="sub"><ul>{_under(n)}</ul></div></li>'
        for n, name in enumerate(_SECTIONS * rng.randint(1, 4))
    )
    return f'<{tag} class="site-menu"><button>Menu</button><ul>{items}</ul></{tag}>'


def _under(number: int) -> str:
    return "".join(
        f'<li><a class="sub-link" href="/{number}/{n}/"><i class="icon"></i><span>{name}</span></a></li>'
        for n, name in enumerate(_SECTIONS)
    )


def scripts(rng: random.Random, size: int = 60_000) -> str:
    """What makes real pages heavy: data for scripts, style sheets, pictures made of lines."""
    data = {
        f"k{n}": [rng.random(), rng.choice(_SECTIONS), f"https://cdn.example/{n}.js"]
        for n in range(size // 70)
    }
    path = "M" + " ".join(f"{rng.randint(0, 24)} {rng.randint(0, 24)}" for _ in range(200))
    rules = "".join(f".c{n}{{margin:{n}px;color:#{n:06x}}}" for n in range(300))
    icons = f'<svg viewBox="0 0 24 24"><path d="{path}"></path></svg>' * 3
    return f"<script>window.__DATA__ = {json.dumps(data)};</script><style>{rules}</style>{icons}"


def cards(rng: random.Random, count: int = 6, *, summaries: bool = True) -> str:
    """Other stories, each with a headline and perhaps a line or two."""
    return "".join(
        '<div class="card"><div class="card-media"><a href="/m"><picture><source srcset="/a.webp"><img src="/a.jpg"></picture></a>'
        f"</div><h3>{link(rng)}</h3>"
        + (f"<p>{sentence(rng)}</p>" if summaries else "")
        + f"<span>{rng.randint(2, 23)} hours ago</span></div>"
        for _ in range(count)
    )


def most_read(rng: random.Random) -> str:
    """A list of links beside the story."""
    return f"<h2>Most read</h2><ol>{''.join(f'<li>{link(rng)}</li>' for _ in range(8))}</ol>"


def comments(rng: random.Random, count: int = 6) -> str:
    """What readers wrote, sometimes more than the paper did."""
    one = "".join(
        f'<li class="comment"><b>reader{n}</b><time>{n} days ago</time><p>{paragraph(rng)}</p><a href="#">Reply</a></li>'
        for n in range(count)
    )
    return f'<section id="comments" class="comments-area"><h2>{count} comments</h2><ol>{one}</ol></section>'


def footer(rng: random.Random) -> str:
    """Links, and the law."""
    return (
        f"<footer class='site-footer'><p>This website is published by {rng.choice(_SECTIONS)} Press, which keeps "
        "to the editors' code of practice. If you have a complaint about what we have published, write to the "
        "editor first. If you are not satisfied with the answer you may turn to the standards body.</p>"
        "<ul><li><a href='/terms'>Terms</a></li><li><a href='/privacy'>Privacy</a></li></ul>"
        "<p>© 2024 All rights reserved</p></footer>"
    )


def consent() -> str:
    """A banner over the page."""
    return (
        '<div id="cookie-banner" class="cookie-consent" role="dialog"><h2>We value your privacy</h2><p>We and our '
        "partners store information on a device and process personal data such as unique identifiers, so that we "
        "can show you advertising that we think you will like. You may change your choice at any time.</p>"
        "<button>Accept</button><button>Manage</button></div>"
    )


def read_more(rng: random.Random) -> str:
    """One line among the paragraphs that leads elsewhere."""
    label = rng.choice(("Read more", "READ NEXT", "Related", "More", "See also", "Don't miss"))
    return rng.choice(
        (
            f"<p><strong>{label}: {link(rng)}</strong></p>",
            f"<p><b>{label}</b>: {link(rng)}</p>",
            f"<p>{link(rng)}</p>",
            f"<p><em>{label}:</em> <strong>{link(rng)}</strong></p>",
            f"<h3>{label}</h3><ul><li>{link(rng)}</li><li>{link(rng)}</li></ul>",
            f'<div class="x{rng.randint(10, 99)}"><span>{label}</span><h4>{link(rng)}</h4></div>',
            f'<aside class="rel"><h4>{label}</h4><p>{link(rng)}</p><p>{sentence(rng)}</p></aside>',
        )
    )


def promotion(rng: random.Random) -> str:
    """A request for money or an address among the paragraphs."""
    return rng.choice(
        (
            '<div class="z1"><h3>Never miss a story</h3><p>Sign up to our free newsletter and get the day’s news in '
            'your inbox every morning.</p><form action="/nl"><input type="email" name="e"><button>Sign up</button></form>'
            '<p>By signing up you agree to our <a href="/privacy">privacy notice</a>.</p></div>',
            "<p><em>Sign up for our daily newsletter, with all that matters in your town, "
            '<a href="/newsletters">by clicking here</a>.</em></p>',
            '<p><strong>To support the work of our reporters, <a href="/subscribe">subscribe today</a> for as little as '
            "£1 a month, and read the site without advertisements.</strong></p>",
            '<div class="q9"><p>Local papers need their readers more than ever. For less than the price of a coffee a '
            "week you can help us to hold those in power to account and to tell the stories of this town.</p>"
            '<a class="btn" href="/subscribe">Subscribe now</a></div>',
            '<p><i>You can also follow us on <a href="https://social.example/a">our page</a> or download our '
            '<a href="https://apps.example/b">free app</a>.</i></p>',
        )
    )


def picture(rng: random.Random, caption: str) -> str:
    """An image and its caption."""
    image = f'<img src="/i/{rng.randint(1, 999)}.jpg" alt="{html.escape(caption)}">'
    words = html.escape(caption)
    return rng.choice(
        (
            f"<figure>{image}<figcaption>{words}</figcaption></figure>",
            f'<div class="img-wrap">{image}<p class="image-caption">{words}</p></div>',
            f'<div class="k{rng.randint(10, 99)}"><div>{image}</div><span>{words}</span></div>',
            f'<p class="p{rng.randint(1, 9)}">{image}<br><small>{words}</small></p>',
            f'<div class="wp-caption">{image}<p class="wp-caption-text">{words}</p></div>',
        )
    )


def advertisement(rng: random.Random) -> str:
    """A slot."""
    return rng.choice(
        (
            '<div class="ad-slot"><span>Advertisement</span><div id="gpt-1"></div></div>',
            "<div class='m2'>ADVERTISEMENT</div>",
            "<p>Article continues below</p>",
            "<div><p>Story continues after this advertisement</p></div>",
        )
    )


def sharing(rng: random.Random) -> str:
    """Buttons."""
    return rng.choice(
        (
            '<ul class="share"><li><a href="#f">Facebook</a></li><li><a href="#x">X</a></li><li><a href="#m">Email</a></li></ul>',
            '<div class="s4"><span>Share this story</span><button>Copy link</button><a href="#w">WhatsApp</a></div>',
            '<p class="sh">Share <a href="#f">on Facebook</a> <a href="#x">on X</a> <a href="#m">by e-mail</a></p>',
        )
    )


def meta(rng: random.Random, byline: str, published: str) -> str:
    """Who and when."""
    day = published[:10]
    return rng.choice(
        (
            f'<div class="byline">By <a rel="author" href="/a">{byline}</a>, Chief Reporter <time datetime="{published}">'
            f"{day}</time> <span>{rng.randint(2, 9)} min read</span></div>",
            f"<p class='b1'>{byline}</p><p class='b2'>Published: {day}, 10:15</p><p class='b3'>{rng.randint(1, 90)} Comments</p>",
            f'<ul class="info"><li>{byline}</li><li><time datetime="{published}">{day}</time></li><li>Updated 3 hours ago</li></ul>',
            f'<div class="u7"><span>Written by {byline}</span><span>{rng.randint(2, 9)} minute read</span></div>',
        )
    )


def biography(rng: random.Random, byline: str) -> str:
    """About the writer, under the story."""
    return rng.choice(
        (
            f'<div class="author-bio"><h4>About the author</h4><p>{byline} has written about councils since 2009.</p></div>',
            f'<div class="about"><img src="/a.jpg"><p><a href="/a">{byline}</a> is a senior reporter who covers health and schools.</p></div>',
        )
    )


def tags(rng: random.Random) -> str:
    """Subjects."""
    some = rng.sample(_SECTIONS, 4)
    return f'<div class="topics"><span>Topics:</span> {" ".join(f"<a href=/t/{name}>{name}</a>" for name in some)}</div>'
