"""Newsquest titles: ``/news/12345678.the-headline/`` on every one of them."""

from crawler.extract.html import Template
from crawler.news import NewsSpider


class Newsquest(NewsSpider):
    """``feeds`` is ``/news/rss/``."""

    stories = r"/\d{6,9}\."
    template = Template(
        name="Newsquest",
        headline="h1.mar-article__headline",
        byline=".author-name, .mar-article__byline-author a",
        published=".mar-article__timestamp time[datetime]",
        body=".article-body, #subscription-content",
        drop=(
            "[class*='mar-promo']",
            "[class*='mar-paywall']",
            "[class*='mar-inline-links']",
            "[class*='mar-ad']",
            ".mar-article__image",
            ".article-tags",
            "[class*='newsletter']",
        ),
    )
