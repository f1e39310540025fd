"""The Manchester Evening News: Greater Manchester."""

from crawler.platforms.reach import Reach


class ManchesterEveningNews(Reach):
    """A Reach title."""

    name = "manchester_evening_news"
    title = "Manchester Evening News"
    hosts = ("www.manchestereveningnews.co.uk",)
    area = (
        "Manchester",
        "Stockport",
        "Tameside",
        "Oldham",
        "Rochdale",
        "Bury",
        "Bolton",
        "Wigan",
        "Salford",
        "Trafford",
    )
    feeds = ("https://www.manchestereveningnews.co.uk/?service=rss",)
    sitemaps = ("https://www.manchestereveningnews.co.uk/map_news.xml",)
