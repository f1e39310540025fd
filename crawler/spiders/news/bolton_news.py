"""The Bolton News: Bolton and its neighbours."""

from crawler.platforms.newsquest import Newsquest


class BoltonNews(Newsquest):
    """A Newsquest title."""

    name = "bolton_news"
    title = "The Bolton News"
    hosts = ("www.theboltonnews.co.uk",)
    area = (
        "Bolton",
        "Bury",
        "Salford",
        "Wigan",
    )
    feeds = ("https://www.theboltonnews.co.uk/news/rss/",)
