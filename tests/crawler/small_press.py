"""Sources for the tests: two invented papers on known platforms, served by ``small_web``."""

from crawler.discovery.listings import Listing
from crawler.news import NewsSpider
from crawler.platforms.wordpress import WordPress


class FenlandEcho(WordPress):
    """A weekly on WordPress, with a feed."""

    name = "fenland_echo"
    title = "Fenland Echo"
    hosts = ("www.fenlandecho.example",)
    feeds = ("http://www.fenlandecho.example/feed/",)


class WealdenPost(NewsSpider):
    """A paper with a news sitemap, and a listing of two pages."""

    name = "wealden_post"
    title = "Wealden Post"
    hosts = ("www.wealdenpost.example",)
    sitemaps = ("https://www.wealdenpost.example/sitemap.xml",)
    listings = ("https://www.wealdenpost.example/news/",)
    listing = Listing(links="li a.story", next_page="a.next")
    stories = r"/\d+/"
