"""Pages in the manner of the publishing software that many papers, magazines and blogs use."""

import html
import random

from tests.crawler.extract import invented_noise as noise
from tests.crawler.extract.invented_stories import Block, Story, headline, paragraph

Among = list[str]


def numbered(block: Block) -> str:
    """Paragraphs that are boxes with a test mark, as of a wire agency's site."""
    if block.kind == "p":
        return (
            f'<div class="text__text__1FZLe text__dark-grey__3Ml43" data-testid="paragraph-{len(block.text)}">'
            f"{html.escape(block.text)}</div>"
        )
    return f"<h2 data-testid='Heading'>{block.text}</h2>" if block.kind == "h2" else plain(block)


def plain(block: Block) -> str:
    """As most print it, with classes that spell how it looks."""
    lines = [html.escape(line) for line in block.lines]
    if block.kind == "ul":
        items = "".join(f"<li class='mb-2'><span>{line}</span></li>" for line in lines)
        return f"<ul class='list-disc pl-4'>{items}</ul>"
    if block.kind == "table":
        rows = "".join(
            f"<tr>{''.join(f'<td>{cell}</td>' for cell in line.rsplit(' ', 2))}</tr>" for line in lines
        )
        return f"<figure class='table'><table><tbody>{rows}</tbody></table></figure>"
    if block.kind == "quote":
        return f"<blockquote><p>{lines[0]}</p></blockquote>"
    return f"<{block.kind} class='font-serif text-lg leading-7 border-bottom-0'>{lines[0]}</{block.kind}>"


def components(rng: random.Random, story: Story, among: Among) -> str:
    """A broadcaster's: one component a block, links to more in a component between, subjects under it."""
    parts = "".join(
        f'<div data-component="text-block" class="ssrcss-11r1m41"><div class="ssrcss-7uxr49">{b}</div></div>'
        for b in among
    )
    more = "".join(f"<li><a href='/news/{n}'><span>{headline(rng)}</span></a></li>" for n in range(3))
    return (
        f"{noise.menu(rng)}<main id='main-content'><article class='ssrcss-pv1rh6'><header><h1 id='main-heading'>{story.title}</h1>"
        f'<div data-component="byline-block"><div><span>{story.byline}</span><span>Political reporter, Midlands</span></div></div>'
        f"<div><dl><dt>Published</dt><dd><time datetime='{story.published}'>3 hours ago</time></dd></dl></div></header>"
        f'<div data-component="image-block"><figure><div><img src="/1.jpg"></div><figcaption><span>Image source, Agency</span>'
        f"<div><p>{story.captions[0]}</p></div></figcaption></figure></div>{parts}"
        f'<div data-component="links-block"><p>More on this story</p><ul>{more}</ul></div>'
        f'<section data-component="tag-list"><h2>Related topics</h2><ul><li><a href="/t/1">Thornby</a></li></ul></section>'
        f'</article><div data-component="mostRead">{noise.most_read(rng)}</div></main>{noise.footer(rng)}'
    )


def wire(rng: random.Random, story: Story, among: Among) -> str:
    """An agency's: who reported, what it stands for, suggested topics."""
    return (
        f"{noise.menu(rng)}<div class='layout'><article class='article-container'><div class='article-header'><h1 data-testid='Heading'>"
        f"{story.title}</h1><div class='author'>By <a href='/a'>{story.byline}</a></div><time datetime='{story.published}'><span>"
        f"March 3, 2024</span><span>9:12 AM GMT</span><span>Updated 2 hours ago</span></time></div><div class='article-body__content'>"
        f"<div data-testid='primary-image'><img src='/p.jpg'><span>{story.captions[0]}</span></div>{''.join(among)}"
        f"<div data-testid='promo-box'><p data-testid='Body'>The Morning Briefing newsletter has all that you need. Sign up <a href='/n'>here</a>.</p></div>"
        f"</div><div class='article-body__footer'><p>Our Standards: <a href='/standards'>The Principles of the Agency.</a></p>"
        f"<div>Suggested Topics:<ul><li><a href='/x'>World</a></li><li><a href='/y'>Law</a></li></ul></div><button>Purchase rights</button>"
        f"</div></article><div class='rail'>{noise.cards(rng, 5)}</div></div>{noise.footer(rng)}"
    )


def essay(rng: random.Random, story: Story, among: Among) -> str:
    """A platform for essays: title and writer in the box of the text, applause under it."""
    return (
        f"<div id='root'><div class='a b c'><div class='m n'><a href='/'>Open in app</a><a href='/s'>Sign up</a><a href='/i'>Sign in</a></div>"
        f"<article><div class='l'><section><div><div class='gq gr'><h1 class='pw-post-title'>{story.title}</h1><h2 class='pw-subtitle'>"
        f"</h2><div class='fk'><a href='/u'>{story.byline}</a><span>·</span><button>Follow</button><span>7 min read</span><span>·</span>"
        f"<span>Mar 3, 2024</span></div><div class='pq'><button>Listen</button><button>Share</button></div>{''.join(among)}</div></div>"
        f"</section></div></article><div class='rr'><a href='/t/a'>Towns</a><a href='/t/b'>Councils</a></div><div class='ab'><h2>Written by "
        f"{story.byline}</h2><span>1.2K Followers</span><p>Writes about small towns and their quarrels. Views are mine alone.</p></div>"
        f"<div><h2>More from {story.byline}</h2>{noise.cards(rng, 4)}</div></div></div>"
    )


def letter(rng: random.Random, story: Story, among: Among) -> str:
    """A newsletter's page: a form to subscribe between paragraphs, a discussion under them."""
    form = (
        "<div class='subscription-widget-wrap'><div class='subscription-widget'><div class='preamble'><p class='cta-caption'>"
        "The Thornby Letter is written for its readers. To receive each one and support my work, become a free or paying "
        "subscriber.</p></div><form><input type='email'><input type='submit' value='Subscribe'></form></div></div>"
    )
    among.insert(len(among) // 2, form)
    return (
        f"<div class='main-menu'>{noise.menu(rng)}</div><div class='single-post'><article class='typography newsletter-post post'>"
        f"<div class='post-header'><h1 class='post-title'>{story.title}</h1><h3 class='subtitle'>Notes from the market</h3>"
        f"<div class='meta'>{story.byline}<div>Mar 03, 2024</div><div>∙ Paid</div></div></div><div class='available-content'>"
        f"<div class='body markup'>{''.join(among)}</div></div><div class='post-footer'><a class='button'>Share</a></div></article></div>"
        f"<div class='comments-page'><h4>Discussion about this post</h4>{noise.comments(rng, 5)}</div>"
    )


def spaces(rng: random.Random, story: Story, among: Among) -> str:
    """A builder of sites: every few paragraphs in rows, columns and blocks of their own."""
    parts = [among[at : at + 3] for at in range(0, len(among), 3)]
    rows = "".join(
        f"<div class='row sqs-row'><div class='col sqs-col-12 span-12'><div class='sqs-block html-block sqs-block-html'>"
        f"<div class='sqs-block-content'><div class='sqs-html-content'>{''.join(part)}</div></div></div></div></div>"
        for part in parts
    )
    return (
        f"<header id='header'>{noise.menu(rng)}</header><main id='page'><article class='h-entry entry'><div class='blog-item-title'>"
        f"<h1 class='entry-title'>{story.title}</h1></div><div class='blog-item-meta'><time class='dt-published'>3 Mar</time></div>"
        f"<div class='blog-item-content e-content'>{rows}</div><div class='blog-item-share'><a href='#'>Facebook 0</a><a href='#'>Likes</a></div>"
        f"</article><section class='item-pagination'><a href='/p'>Previous<h2>{headline(rng)}</h2></a></section></main>{noise.footer(rng)}"
    )


def diary(rng: random.Random, story: Story, among: Among) -> str:
    """An old host of diaries: line breaks, pictures in tables with a caption."""
    picture = (
        "<table align='center' class='tr-caption-container'><tbody><tr><td><a href='/i.jpg'><img src='/i.jpg'></a></td></tr>"
        f"<tr><td class='tr-caption'>{story.captions[0]}</td></tr></tbody></table>"
    )
    among.insert(1, picture)
    return (
        f"<div class='content-outer'><div class='tabs'>{noise.menu(rng, 'div')}</div><div class='main-outer'><div class='post hentry'>"
        f"<h3 class='post-title entry-title'>{story.title}</h3><div class='post-body entry-content' id='post-body-1'>{''.join(among)}"
        f"<div style='clear: both;'></div></div><div class='post-footer'>Posted by {story.byline} at <a href='/x'>10:15</a> Labels: "
        f"<a href='/l'>towns</a></div></div><div id='comments'><h4>3 comments:</h4>{noise.comments(rng, 3)}</div></div>"
        f"<div class='sidebar'><h2>Blog Archive</h2>{noise.most_read(rng)}</div></div>"
    )


def cable(rng: random.Random, story: Story, among: Among) -> str:
    """A broadcaster's: a source line, editors' notes, boxes of related stories and videos among the text."""
    related = f"<div class='related-content'><div class='related-content__headline'>RELATED ARTICLE</div><a href='/z'>{headline(rng)}</a></div>"
    video = "<div class='video-resource' data-video='1'><div class='video-resource__headline'>Watch how it was done</div><span>02:31</span> - Source: Thornby TV</div>"
    among[3:3] = [related]
    among[6:6] = [video]
    return (
        f"{noise.menu(rng)}<section class='layout__main'><article class='article'><section class='body tabcontent'><main class='article__main'>"
        f"<div class='headline__wrapper'><h1>{story.title}</h1></div><div class='headline__sub-text'><div class='byline__names'>By {story.byline}</div>"
        f"<div class='timestamp'>Updated 7:11 AM EDT, Mon March 4, 2024</div></div><div class='article__content-container'><div class='article__content'>"
        f"<div class='source inline-placeholder'><cite><span>Thornby TV</span> —</cite></div>{''.join(among)}</div></div></main></section></article></section>"
        f"<div class='zone zone--t-light'>{noise.cards(rng, 8)}</div>{noise.footer(rng)}"
    )


def portal(rng: random.Random, story: Story, among: Among) -> str:
    """A portal's copy of another's story, folded behind a button, comments under it."""
    among[4:4] = [
        "<div class='caas-readmore caas-readmore-collapse'><button class='link caas-button'>Story continues</button></div>"
    ]
    more = f"<p>More from the Thornby Echo: {noise.link(rng)}</p>"
    return (
        f"<div id='app'><div id='header-wrapper'>{noise.menu(rng)}</div><div class='caas-container'><article class='caas-art'><div class='caas-body-wrapper'>"
        f"<header class='caas-title-wrapper'><h1>{story.title}</h1></header><div class='caas-attr'><div class='caas-attr-provider'>Thornby Echo</div>"
        f"<span class='caas-author-byline-collapse'>{story.byline}</span><div class='caas-attr-time-style'><time>Mon, 4 March 2024 at 7:11 am</time>·3-min read</div></div>"
        f"<div class='caas-content-byline-wrapper'><a href='#'>Link Copied</a></div><div class='caas-body'>{''.join(among)}{more}</div></div></article>"
        f"<div class='caas-da'>Recommended stories</div>{noise.cards(rng, 6)}</div></div>"
    )


def field(rng: random.Random, story: Story, among: Among) -> str:
    """An institution's: fields, a standing paragraph about the publisher, notes to editors (part of the text)."""
    return (
        f"{noise.menu(rng)}<div class='region region-content'><article role='article' class='node node--type-news'><h1><span class='field field--name-title'>"
        f"{story.title}</span></h1><div class='node__meta'><span>Submitted by {story.byline} on Mon, 03/04/2024 - 10:15</span></div>"
        f"<div class='node__content'><div class='clearfix text-formatted field field--name-body field__item'>{''.join(among)}</div>"
        f"<div class='field field--name-field-tags'><div class='field__label'>Tags</div><a href='/t'>Floods</a></div></div></article></div>"
        f"<div class='block block-views'><h2>Latest news</h2>{noise.cards(rng, 4)}</div>{noise.footer(rng)}"
    )


def reviews(rng: random.Random, story: Story, among: Among) -> str:
    """A list of things with a picture, a price and a button each, all of it the text."""
    items = "".join(
        f"<div class='product'><h3>{n + 1}. {block}</h3></div>"
        if block.startswith("<h2")
        else f"<div class='item'><img src='/{n}.jpg'>{block}<a class='btn' href='/buy/{n}'>Buy</a></div>"
        for n, block in enumerate(among)
    )
    return (
        f"{noise.menu(rng)}<div class='post-wrap'><h1>{story.title}</h1>{noise.meta(rng, story.byline, story.published)}"
        f"<div class='post-content'>{items}</div>{noise.sharing(rng)}</div><div class='sidebar'>{noise.cards(rng, 3)}</div>{noise.footer(rng)}"
    )


def quality(rng: random.Random, story: Story, among: Among) -> str:
    """A national paper's: rich links in asides, a sign-up box, a plea at the end, subjects."""
    among[2:2] = [
        f"<aside><div class='rich-link'><h5>{headline(rng)}</h5><a href='/q'>Read more</a></div></aside>"
    ]
    among[5:5] = [
        "<gu-island name='EmailSignUp'><aside><h3>Sign up to First Thing</h3><p>Our morning e-mail breaks down the day’s stories, telling "
        "you what is happening and why it matters</p><span>Privacy Notice: Newsletters may contain information about charities. We use "
        "technology to protect our website.</span></aside></gu-island>"
    ]
    plea = "".join(
        f"<p>{words}</p>"
        for words in (
            "We hope you appreciated this article. Before you move on, would you consider supporting our work?",
            "Only a small part of our readers pay for what they read, and their support keeps our reporting open to all.",
        )
    )
    return (
        f"{noise.menu(rng)}<main><article class='dcr-1'><div class='dcr-2' data-gu-name='headline'><h1>{story.title}</h1></div>"
        f"<div class='dcr-3' data-gu-name='standfirst'></div><div data-gu-name='meta'><address><a rel='author'>{story.byline}</a></address>"
        f"<details><summary>Mon 4 Mar 2024 07.11 GMT</summary>Last modified on Mon 4 Mar 2024 10.02 GMT</details></div>"
        f"<div id='maincontent'><div class='article-body-commercial-selector article-body-viewer-selector dcr-4'>{''.join(among)}</div></div>"
        f"<div class='contributions__epic'><div>{plea}<a href='/support'>Support us</a></div></div><div data-gu-name='submeta'><span>Explore more on "
        f"these topics</span><ul><li><a href='/u'>Floods</a></li><li><a href='/u2'>features</a></li></ul></div></article></main>"
        f"<section>{noise.cards(rng, 6)}</section>{noise.footer(rng)}"
    )


def tabloid(rng: random.Random, story: Story, among: Among) -> str:
    """A tabloid's: bullet points on top (part of the text), a gallery, boxes of shares, videos, readers' voices."""
    among[4:4] = [
        "<div class='moduleFull mol-video'><p class='video-title'>Loading the video: the moment it happened</p></div>"
    ]
    among[7:7] = [
        f"<div class='related-carousel'><h3>SHARE THIS ARTICLE</h3><ul><li><a href='/r1'>{headline(rng)}</a></li><li><a href='/r2'>{headline(rng)}</a></li></ul></div>"
    ]
    return (
        f"{noise.menu(rng, 'div')}<div id='js-article-text' class='article-text wide'><h2>{story.title}</h2><p class='author-section byline-plain'>By "
        f"<a class='author'>{story.byline} For The Thornby Herald</a></p><p class='byline-section'><span>Published: 07:11 GMT, 4 March 2024</span> | "
        f"<span>Updated: 09:40 GMT, 4 March 2024</span></p><div class='shareArticles'><ul><li>e-mail</li></ul><p>97 shares</p><a>312 View comments</a></div>"
        f"<div itemprop='articleBody'>{''.join(among)}</div></div><div id='reader-comments'><h3>What readers say</h3><p>{paragraph(rng)}</p><p>"
        f"{paragraph(rng)}</p></div><div class='beta'>{noise.cards(rng, 12)}</div>{noise.footer(rng)}"
    )
