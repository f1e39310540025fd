"""Papers on WordPress: many independents, and trade titles."""

from crawler.discovery.listings import Listing
from crawler.extract.html import Template
from crawler.news import NewsSpider


class WordPress(NewsSpider):
    """``feeds`` is usually ``/feed/``; a listing is ``/category/news/``."""

    marks = "meta[name='generator'][content^='WordPress'], link[href*='/wp-content/'], script[src*='/wp-']"
    archives = ("/{year}/{month:02}/{day:02}/",)
    listing = Listing(
        links="article .entry-title a, h2.entry-title a, h2.wp-block-post-title a",
        next_page="a.next.page-numbers, .nav-previous a, a.wp-block-query-pagination-next",
    )
    template = Template(
        name="WordPress",
        headline="h1.entry-title, h1.wp-block-post-title, h1.post-title",
        byline=".byline .author, .entry-meta .author, a[rel=author], .wp-block-post-author-name",
        published="time.entry-date.published, time.published, .wp-block-post-date time, time.entry-date",
        modified="time.updated",
        section=".cat-links a, a[rel='category tag'], .wp-block-post-terms a",
        body=".entry-content, .wp-block-post-content",
        drop=(
            ".sharedaddy",
            ".jp-relatedposts",
            ".wp-block-buttons",
            ".wp-block-embed",
            ".newsletter",
            ".donation",
            "[class*='related-posts']",
            "[class*='mailchimp']",
            "[class*='mc4wp']",
        ),
    )
