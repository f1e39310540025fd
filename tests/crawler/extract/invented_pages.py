"""News pages of invented papers with the text that an extractor should give: many templates, many kinds of noise.

Each is made anew from a seed; real pages weigh about 115 kB, and so do these, most of it scripts and menus.
"""

import html
import json
import random
from collections.abc import Callable
from dataclasses import dataclass

from tests.crawler.extract import invented_noise as noise
from tests.crawler.extract import invented_software as software
from tests.crawler.extract.invented_stories import Block, Story, a_story, headline, paragraph, sentence

Among = list[str]
"""The story's blocks as markup, with noise among them."""


@dataclass(frozen=True, kw_only=True)
class Page:
    """A page as bytes, and what is true of it."""

    name: str
    content: bytes
    story: Story


@dataclass(frozen=True, kw_only=True)
class Maker:
    """How a family of pages is made: ``length`` in paragraphs, ``noisy``: noise among how many of 100 blocks."""

    build: Callable[[random.Random, Story, Among], str]
    length: tuple[int, int] = (8, 22)
    noisy: int = 25
    extras: bool = True
    block: Callable[[Block], str] | None = None


def pages(seed: int = 11, rounds: int = 3) -> list[Page]:
    """Every template, ``rounds`` times over with other stories and other noise."""
    made = []
    for number in range(rounds):
        for name, maker in MAKERS.items():
            rng = random.Random(f"{seed} {name} {number}")
            story = a_story(rng, length=rng.randint(*maker.length), extras=maker.extras)
            blocks = [(maker.block or markup)(block) for block in story.blocks]
            body = maker.build(rng, story, _among(rng, blocks, story, maker.noisy))
            made.append(Page(name=f"{name}-{number}", content=_page(rng, story, body).encode(), story=story))
    return made


def markup(block: Block) -> str:
    """A block as most papers print it."""
    lines = [html.escape(line) for line in block.lines]
    if block.kind == "ul":
        return f"<ul>{''.join(f'<li>{line}</li>' for line in lines)}</ul>"
    if block.kind == "table":
        rows = "".join(
            f"<tr>{''.join(f'<td>{cell}</td>' for cell in line.rsplit(' ', 2))}</tr>" for line in lines
        )
        return f"<table>{rows}</table>"
    tag = {"quote": "blockquote"}.get(block.kind, block.kind)
    return f"<{tag}>{lines[0]}</{tag}>"


def _boxed(block: Block) -> str:
    """Each block in two boxes of its own, as some makers of components do."""
    return (
        f'<div data-component="text-block" class="ssrcss-{len(block.text)}"><div>{markup(block)}</div></div>'
    )


def _bare(block: Block) -> str:
    """No paragraphs, only line breaks."""
    if block.kind in ("p", "quote", "h2"):
        return f"{html.escape(block.text)}<br><br>\n"
    return markup(block)


def _div(block: Block) -> str:
    """Paragraphs that are ``div``."""
    return f"<div>{html.escape(block.text)}</div>" if block.kind == "p" else markup(block)


def _linked(block: Block) -> str:
    """Paragraphs with links to subjects among their words."""
    words = html.escape(block.text).split(" ")
    if block.kind == "p" and len(words) > 12:
        words[2] = f'<a href="/topic/2">{words[2]}'
        words[4] = f"{words[4]}</a>"
        words[8] = f"<strong>{words[8]}</strong>"
        return f"<p>{' '.join(words)}</p>"
    return markup(block)


def _among(rng: random.Random, blocks: list[str], story: Story, share: int) -> Among:
    captions = iter(story.captions)
    given: Among = []
    for number, block in enumerate(blocks):
        given.append(block)
        if number and rng.randrange(100) < share:
            kinds = (noise.read_more, noise.promotion, noise.advertisement, noise.read_more)
            given.append(rng.choice(kinds)(rng))
        if rng.randrange(100) < share and (caption := next(captions, None)):
            given.append(noise.picture(rng, caption))
    return given


def _page(rng: random.Random, story: Story, body: str) -> str:
    data = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": story.title,
        "datePublished": story.published,
        "author": {"@type": "Person", "name": story.byline},
    }
    if rng.randrange(5) == 0:
        data["articleBody"] = story.text
    linked = f'<script type="application/ld+json">{json.dumps(data)}</script>' if rng.randrange(2) else ""
    return (
        f"<!DOCTYPE html><html lang='en'><head><meta charset='utf-8'><title>{html.escape(story.title)} | The Paper</title>"
        f'<meta property="article:published_time" content="{story.published}">{linked}'
        f"</head><body>{noise.scripts(rng, rng.randint(20, 90) * 1000)}{body}"
        f"{noise.consent() if rng.randrange(3) == 0 else ''}<script>{'x();' * 2000}</script></body></html>"
    )


def _semantic(rng: random.Random, story: Story, among: Among) -> str:
    return (
        f"<header>{noise.menu(rng)}</header><main><article><header><p>{story.section}</p><h1>{story.title}</h1>"
        f"{noise.meta(rng, story.byline, story.published)}{noise.sharing(rng)}</header>"
        f"{noise.picture(rng, story.captions[0])}<div class='content'>{''.join(among)}</div>{noise.tags(rng)}"
        f"{noise.biography(rng, story.byline)}</article><aside>{noise.most_read(rng)}</aside></main>"
        f"<section class='more'><h2>More from {story.section}</h2>{noise.cards(rng)}</section>{noise.footer(rng)}"
    )


def _hashed(rng: random.Random, story: Story, among: Among) -> str:
    """Class names that say nothing."""
    return (
        f"<div class='css-1a'>{noise.menu(rng, 'div')}</div><div class='css-2b'><div class='css-3c'><h1 class='css-4d'>"
        f"{story.title}</h1>{noise.meta(rng, story.byline, story.published)}<div class='css-5e'>{''.join(among)}</div>"
        f"<div class='css-6f'>{noise.promotion(rng)}</div></div><div class='css-7g'>{noise.most_read(rng)}"
        f"{noise.cards(rng, 4)}</div></div><div class='css-8h'>{noise.footer(rng)}</div>"
    )


def _wordpress(rng: random.Random, story: Story, among: Among) -> str:
    return (
        f"<div id='page'><header id='masthead'>{noise.menu(rng)}</header><div id='primary'><article class='post hentry'>"
        f"<h1 class='entry-title'>{story.title}</h1><div class='entry-meta'>{noise.meta(rng, story.byline, story.published)}"
        f"</div><div class='entry-content'>{''.join(among)}{noise.sharing(rng)}<div class='jp-relatedposts'>"
        f"{noise.cards(rng, 3)}</div></div><footer class='entry-footer'>{noise.tags(rng)}</footer></article>"
        f"{noise.comments(rng, rng.randint(0, 9))}</div><div id='secondary' class='widget-area'>{noise.most_read(rng)}"
        f"</div>{noise.footer(rng)}</div>"
    )


def _tables(rng: random.Random, story: Story, among: Among) -> str:
    """As pages were laid out twenty years ago."""
    return (
        f"<table width='100%'><tr><td colspan=3>{noise.menu(rng, 'div')}</td></tr><tr><td width=150>{noise.most_read(rng)}"
        f"</td><td><font size=5><b>{story.title}</b></font><br><font size=1>{story.byline}</font><br>{''.join(among)}</td>"
        f"<td>{noise.cards(rng, 3)}</td></tr></table>{noise.footer(rng)}"
    )


def _columns(rng: random.Random, story: Story, among: Among) -> str:
    """The story cut into several boxes by slots, as long reads are."""
    cut = [among[at : at + 4] for at in range(0, len(among), 4)]
    boxes = "".join(
        f"<div class='article__body-chunk'>{''.join(part)}</div>{noise.advertisement(rng)}" for part in cut
    )
    return (
        f"{noise.menu(rng)}<div class='article'><div class='hero'>{noise.picture(rng, story.captions[0])}</div>"
        f"<h1>{story.title}</h1>{noise.meta(rng, story.byline, story.published)}{boxes}{noise.biography(rng, story.byline)}</div>"
        f"<div class='recirc'>{noise.cards(rng, 8)}</div>{noise.footer(rng)}"
    )


def _press_release(rng: random.Random, story: Story, among: Among) -> str:
    return (
        f"{noise.menu(rng)}<div class='container'><ol class='breadcrumb'><li><a href='/'>Home</a></li><li><a href='/n'>News"
        f"</a></li></ol><h1>{story.title}</h1><p class='date'>{story.published[:10]}</p><div class='field field-name-body'>"
        f"<div class='field-items'><div class='field-item even'>{''.join(among)}</div></div></div>"
        f"<div class='contact'><h3>Press office</h3><p>Telephone the press office between nine and five.</p></div></div>"
        f"{noise.footer(rng)}"
    )


def _appended(rng: random.Random, story: Story, among: Among) -> str:
    """The next story follows under the first, as on pages that never end."""
    other = "".join(f"<p>{paragraph(rng)}</p>" for _ in range(rng.randint(4, 9)))
    return (
        f"{noise.menu(rng)}<main><article class='story'><h1>{story.title}</h1>"
        f"{noise.meta(rng, story.byline, story.published)}<div class='story-body'>{''.join(among)}</div></article>"
        f"<article class='story next'><h2>{headline(rng)}</h2><div class='story-body'>{other}</div></article></main>"
        f"{noise.footer(rng)}"
    )


def _walled(rng: random.Random, story: Story, among: Among) -> str:
    """A few paragraphs, then a wall with much to say."""
    return (
        f"{noise.menu(rng)}<article><h1>{story.title}</h1>{noise.meta(rng, story.byline, story.published)}"
        f"<div class='article-text'>{''.join(among)}</div><div class='offer'><h2>Want to read on?</h2><p>This story is for "
        "subscribers. Choose the plan that suits you, and cancel whenever you like. Already a subscriber? Sign in.</p>"
        "<ul><li>Read everything on the site and in the app</li><li>Fewer advertisements</li><li>Puzzles every day</li>"
        f"</ul><button>See the plans</button></div></article>{noise.cards(rng, 9)}{noise.footer(rng)}"
    )


def _magazine(rng: random.Random, story: Story, among: Among) -> str:
    """With sentences of the story repeated in large print."""
    quoted = next(block.text.split(". ")[0] for block in story.blocks if block.kind == "p")
    among.insert(min(3, len(among)), f"<aside class='pullquote'><p>{html.escape(quoted)}</p></aside>")
    return (
        f"<div id='app'>{noise.menu(rng)}<div class='feature'><h1>{story.title}</h1><div class='feature-inner'>"
        f"{noise.meta(rng, story.byline, story.published)}<section>{''.join(among)}</section></div></div>"
        f"<div class='newsletter-signup'>{noise.promotion(rng)}</div>{noise.most_read(rng)}{noise.footer(rng)}</div>"
    )


def _live(rng: random.Random, story: Story, among: Among) -> str:
    posts = "".join(
        f"<article class='live-post' id='p{n}'><time datetime='{story.published}'>1{n % 10}:05</time>{block}"
        f"<div class='post-share'><button>Share</button><button>Copy link</button></div></article>"
        for n, block in enumerate(among)
    )
    return (
        f"{noise.menu(rng)}<main><h1>{story.title}</h1>{noise.meta(rng, story.byline, story.published)}"
        f"<div class='live-feed'>{posts}</div></main><aside>{noise.cards(rng)}</aside>{noise.footer(rng)}"
    )


def _soup(rng: random.Random, story: Story, among: Among) -> str:
    """Boxes in boxes, the rail in the same box as the story."""
    rail = "".join(
        f"<div class='r{n}'><p>{link}</p></div>" for n, link in enumerate(noise.link(rng) for _ in range(12))
    )
    return (
        f"<div><div>{noise.menu(rng, 'div')}</div><div><div><div><h2 class='big'>{story.title}</h2></div><div>"
        f"{noise.meta(rng, story.byline, story.published)}</div><div><div>{''.join(among)}</div></div><div>{rail}</div>"
        f"<div>{noise.comments(rng, 4)}</div></div></div></div><div>{noise.footer(rng)}</div>"
    )


def _drawer(rng: random.Random, story: Story, among: Among) -> str:
    """Dialogs that nobody sees until they press something, and a long standing notice."""
    hidden = "".join(f"<p>{sentence(rng)}</p>" for _ in range(4))
    return (
        f"{noise.menu(rng)}<div style='display:none' class='modal'><h2>Report</h2>{hidden}</div><div class='page-content'>"
        f"<h1 itemprop='headline'>{story.title}</h1>{noise.meta(rng, story.byline, story.published)}"
        f"<div itemprop='articleBody'>{''.join(among)}</div><div class='comment-policy'><p>We want our comments to be a "
        "lively part of this town. Please keep to our rules, and report anything that breaks them.</p></div>"
        f"{noise.comments(rng, 5)}</div><div class='sidebar'>{noise.most_read(rng)}{noise.cards(rng, 5)}</div>{noise.footer(rng)}"
    )


MAKERS: dict[str, Maker] = {
    "semantic": Maker(build=_semantic),
    "semantic-linked": Maker(build=_semantic, block=_linked, noisy=15),
    "semantic-brief": Maker(build=_semantic, length=(2, 4), noisy=20, extras=False),
    "hashed": Maker(build=_hashed, noisy=35),
    "hashed-boxed": Maker(build=_hashed, block=_boxed),
    "wordpress": Maker(build=_wordpress),
    "wordpress-long": Maker(build=_wordpress, length=(30, 60), noisy=10, block=_linked),
    "tables": Maker(build=_tables, block=_bare, noisy=8),
    "columns": Maker(build=_columns, length=(20, 45)),
    "columns-div": Maker(build=_columns, block=_div),
    "press-release": Maker(build=_press_release, noisy=0),
    "appended": Maker(build=_appended),
    "walled": Maker(build=_walled, length=(2, 4), noisy=0, extras=False),
    "magazine": Maker(build=_magazine, length=(15, 40)),
    "live": Maker(build=_live, noisy=15),
    "soup": Maker(build=_soup),
    "soup-breaks": Maker(build=_soup, block=_bare, noisy=10),
    "drawer": Maker(build=_drawer),
    "components": Maker(build=software.components, block=software.plain, noisy=5),
    "wire": Maker(build=software.wire, block=software.numbered, noisy=5),
    "essay": Maker(build=software.essay, block=software.plain, noisy=5),
    "letter": Maker(build=software.letter, noisy=5),
    "spaces": Maker(build=software.spaces, noisy=5),
    "diary": Maker(build=software.diary, block=_bare, noisy=5),
    "cable": Maker(build=software.cable, block=software.plain, noisy=10),
    "portal": Maker(build=software.portal, noisy=5),
    "field": Maker(build=software.field, noisy=5),
    "reviews": Maker(build=software.reviews, length=(8, 14), noisy=0),
    "quality": Maker(build=software.quality, block=_linked, noisy=5),
    "tabloid": Maker(build=software.tabloid, noisy=10),
}
