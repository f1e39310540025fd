"""KentOnline: Kent and Medway."""

from crawler.platforms.iliffe import Iliffe


class KentOnline(Iliffe):
    """An Iliffe title."""

    name = "kent_online"
    title = "KentOnline"
    hosts = ("www.kentonline.co.uk",)
    area = ("Kent", "Medway")
    feeds = ("https://www.kentonline.co.uk/_api/rss/kent_online_news_feed.xml",)
