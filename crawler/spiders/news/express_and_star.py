"""The Express & Star: the Black Country and Staffordshire."""

from crawler.platforms.mna import Mna


class ExpressAndStar(Mna):
    """A title of the Midland News Association."""

    name = "express_and_star"
    title = "Express & Star"
    hosts = ("www.expressandstar.com",)
    area = ("Wolverhampton", "Dudley", "Sandwell", "Walsall", "Staffordshire")
    feeds = ("https://www.expressandstar.com/arc/outboundfeeds/rss/",)
    sitemaps = ("https://www.expressandstar.com/arc/outboundfeeds/news-sitemap/",)
