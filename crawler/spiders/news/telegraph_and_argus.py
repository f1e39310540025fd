"""The Telegraph & Argus: Bradford."""

from crawler.platforms.newsquest import Newsquest


class TelegraphAndArgus(Newsquest):
    """A Newsquest title."""

    name = "telegraph_and_argus"
    title = "Telegraph & Argus"
    hosts = ("www.thetelegraphandargus.co.uk",)
    area = ("Bradford", "Calderdale", "Leeds")
    feeds = ("https://www.thetelegraphandargus.co.uk/news/rss/",)
