"""Stoke-on-Trent Live, the Sentinel."""

from crawler.platforms.reach import Reach


class StokeSentinel(Reach):
    """A Reach title."""

    name = "stoke_sentinel"
    title = "Stoke-on-Trent Live"
    hosts = ("www.stokesentinel.co.uk",)
    area = ("Stoke-on-Trent", "Staffordshire", "Cheshire East")
    feeds = ("https://www.stokesentinel.co.uk/?service=rss",)
    sitemaps = ("https://www.stokesentinel.co.uk/map_news.xml",)
