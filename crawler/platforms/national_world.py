"""National World titles: a story's address ends in its number, as Reach's do, on other markup."""

from crawler.extract.html import Template
from crawler.news import NewsSpider


class NationalWorld(NewsSpider):
    """``feeds`` is ``/rss``."""

    terms = "https://www.nationalworldplc.com/terms-and-conditions"
    marks = "[class*='article-content'], [class*='ArticleContent']"
    stories = r"-\d{6,8}$"
    template = Template(
        name="National World",
        headline="h1[class*='Headline'], h1[class*='headline'], h1",
        byline="[class*='AuthorName'], [class*='author-name'], [rel='author']",
        published="[class*='Published'] time[datetime], [class*='published'] time[datetime], time[datetime]",
        body=".article-content, [class*='ArticleContent']",
        drop=(
            "[class*='Newsletter']",
            "[class*='newsletter']",
            "[class*='read-more']",
            "[class*='dailymotion']",
            "[class*='Advert']",
            "[class*='ad-slot']",
            "[class*='Taboola']",
        ),
    )
