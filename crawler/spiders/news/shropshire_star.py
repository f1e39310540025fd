"""The Shropshire Star."""

from crawler.platforms.mna import Mna


class ShropshireStar(Mna):
    """A title of the Midland News Association."""

    name = "shropshire_star"
    title = "Shropshire Star"
    hosts = ("www.shropshirestar.com",)
    area = ("Shropshire", "Telford and Wrekin")
    feeds = ("https://www.shropshirestar.com/arc/outboundfeeds/rss/",)
    sitemaps = ("https://www.shropshirestar.com/arc/outboundfeeds/news-sitemap/",)
