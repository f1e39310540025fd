"""Nottinghamshire Live, the Nottingham Post."""

from crawler.platforms.reach import Reach


class NottinghamPost(Reach):
    """A Reach title."""

    name = "nottingham_post"
    title = "Nottinghamshire Live"
    hosts = ("www.nottinghampost.com",)
    area = ("Nottingham", "Nottinghamshire")
    feeds = ("https://www.nottinghampost.com/?service=rss",)
    sitemaps = ("https://www.nottinghampost.com/map_news.xml",)
