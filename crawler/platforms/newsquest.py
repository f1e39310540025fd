"""Newsquest titles: ``/news/12345678.the-headline/`` on every one of them."""

from crawler.discovery.listings import Listing
from crawler.extract.html import Template
from crawler.news import NewsSpider


class Newsquest(NewsSpider):
    """``feeds`` is ``/news/rss/``."""

    terms = "https://www.newsquest.co.uk/terms-and-conditions"
    marks = "[class*='mar-article'], #subscription-content"
    archives = ("/archive/{year}/{month:02}/{day:02}/",)
    listing = Listing(links="main a[href*='/news/'], .content a[href*='/news/']", next_page="a[rel='next']")
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
