"""BBC News: regions of England. Stories lie under ``/news/articles/``, older ones end in a number."""

from crawler.extract.html import Template
from crawler.news import NewsSpider


class Bbc(NewsSpider):
    """``feeds`` is ``https://feeds.bbci.co.uk/news/england/AREA/rss.xml``."""

    hosts = ("www.bbc.co.uk", "www.bbc.com", "feeds.bbci.co.uk")
    terms = "https://www.bbc.co.uk/usingthebbc/terms/"
    marks = "[data-component='text-block']"
    stories = r"^/news/(?:articles/\w+|[a-z-]+-\d{8})$"
    template = Template(
        name="BBC",
        headline="[data-component='headline-block'] h1, h1#main-heading",
        byline="[data-testid='byline-new-contributors'] span, [data-component='byline-block'] span",
        published="[data-component='byline-block'] time[datetime], time[data-testid='timestamp'][datetime]",
        body="[data-component='text-block'], [data-component='subheadline-block']",
        drop=("[data-component='links-block']", "[data-component='promo-group']"),
    )
