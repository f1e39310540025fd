"""The Lancashire Telegraph: Blackburn and East Lancashire."""

from crawler.platforms.newsquest import Newsquest


class LancashireTelegraph(Newsquest):
    """A Newsquest title."""

    name = "lancashire_telegraph"
    title = "Lancashire Telegraph"
    hosts = ("www.lancashiretelegraph.co.uk",)
    area = ("Blackburn with Darwen", "Lancashire")
    feeds = ("https://www.lancashiretelegraph.co.uk/news/rss/",)
