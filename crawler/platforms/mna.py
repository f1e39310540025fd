"""Midland News Association titles, on Arc: ``/news/section/2024/01/31/the-headline/``."""

from crawler.extract.html import Template
from crawler.news import NewsSpider


class Mna(NewsSpider):
    """``feeds`` is ``/arc/outboundfeeds/rss/``, ``sitemaps`` is ``/arc/outboundfeeds/news-sitemap/``."""

    terms = "https://www.mnagroup.com/terms-conditions/"
    marks = "[class*='article-body-wrapper'], .b-article-body"
    stories = r"/20\d\d/\d\d/\d\d/"
    template = Template(
        name="MNA",
        headline="h1.b-headline, h1[class*='headline'], .headline-container h1",
        byline=".b-byline__names a, .b-byline__names, [class*='byline'] a",
        published="time.b-date[datetime], [class*='date-container'] time[datetime]",
        body=".b-article-body, [class*='article-body-wrapper']",
        drop=(
            ".b-article-body__interstitial-link",
            "[class*='newsletter']",
            "[class*='arcad']",
            "[class*='ad-unit']",
            "[class*='gallery']",
        ),
    )
