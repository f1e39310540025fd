"""The Northern Echo: County Durham, Darlington, Teesside and North Yorkshire."""

from crawler.platforms.newsquest import Newsquest


class NorthernEcho(Newsquest):
    """A Newsquest title."""

    name = "northern_echo"
    title = "The Northern Echo"
    hosts = ("www.thenorthernecho.co.uk",)
    area = (
        "Darlington",
        "County Durham",
        "Hartlepool",
        "Middlesbrough",
        "Stockton-on-Tees",
        "North Yorkshire",
    )
    feeds = ("https://www.thenorthernecho.co.uk/news/rss/",)
