"""BirminghamLive: the West Midlands."""

from crawler.platforms.reach import Reach


class BirminghamLive(Reach):
    """A Reach title."""

    name = "birmingham_live"
    title = "Birmingham Live"
    hosts = ("www.birminghammail.co.uk",)
    area = (
        "Birmingham",
        "Solihull",
        "Sandwell",
        "Dudley",
        "Walsall",
        "Wolverhampton",
    )
    feeds = ("https://www.birminghammail.co.uk/?service=rss",)
    sitemaps = ("https://www.birminghammail.co.uk/map_news.xml",)
