"""The Press, York."""

from crawler.platforms.newsquest import Newsquest


class YorkPress(Newsquest):
    """A Newsquest title."""

    name = "york_press"
    title = "The Press (York)"
    hosts = ("www.yorkpress.co.uk",)
    area = (
        "York",
        "North Yorkshire",
        "East Riding of Yorkshire",
    )
    feeds = ("https://www.yorkpress.co.uk/news/rss/",)
