"""Iliffe titles: ``/place/news/the-headline-123456/`` on every one of them."""

from crawler.extract.html import Template
from crawler.news import NewsSpider


class Iliffe(NewsSpider):
    """``feeds`` is ``/_api/rss/AREA_news_feed.xml``."""

    terms = "https://www.iliffemedia.co.uk/terms-conditions/"
    marks = "[id^='article-body'], .PageArticle, [class*='storyBody']"
    stories = r"-\d{5,7}/?$"
    template = Template(
        name="Iliffe",
        headline="h1[itemprop='headline'], .PageArticle h1, h1",
        byline="[itemprop='author'], .AuthorLink, .author",
        published="[itemprop='datePublished'], time[datetime]",
        body="[itemprop='articleBody'], [id^='article-body'], [class*='storyBody']",
        drop=(
            "[class*='advert']",
            "[class*='Advert']",
            "[class*='related']",
            "[class*='newsletter']",
            "[class*='comments']",
        ),
    )
