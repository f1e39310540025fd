"""The Liverpool Echo: Merseyside."""

from crawler.platforms.reach import Reach


class LiverpoolEcho(Reach):
    """A Reach title."""

    name = "liverpool_echo"
    title = "Liverpool Echo"
    hosts = ("www.liverpoolecho.co.uk",)
    area = ("Liverpool", "Sefton", "Knowsley", "St. Helens", "Wirral", "Halton")
    feeds = ("https://www.liverpoolecho.co.uk/?service=rss",)
    sitemaps = ("https://www.liverpoolecho.co.uk/map_news.xml",)
