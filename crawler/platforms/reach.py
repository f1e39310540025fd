"""Reach titles: a story's address ends in its number."""

from crawler.extract.html import Template
from crawler.news import NewsSpider


class Reach(NewsSpider):
    """``feeds`` is ``/?service=rss``, ``sitemaps`` is ``/map_news.xml``."""

    terms = "https://www.reachplc.com/terms-conditions"
    marks = "[data-mod='readMore'], [itemprop='articleBody'], [data-tmdatatrack]"
    stories = r"-\d{6,9}$"
    template = Template(
        name="Reach",
        headline="h1[itemprop~='headline'], h1[class*='section-theme'], article h1",
        byline=".author a, .author, [rel='author'], [data-tmdatatrack='author']",
        published="time.date-published, .time-container time[datetime]",
        modified="time.date-updated",
        section=".breadcrumb li:last-child",
        body=".article-body, [itemprop='articleBody']",
        drop=(
            "[class*='skinny-signup']",
            "[data-mod='readMore']",
            "[class*='read-more']",
            "[class*='read-next']",
            "[class*='ad-slot']",
            "[class*='promo']",
            "[class*='newsletter']",
            ".tag-list",
            "a[href*='whatsapp']",
        ),
    )
