"""Sources for the tests: two invented papers, served by ``small_web``, and the demo's regulator."""

from crawler.discovery.listings import Listing
from crawler.news import NewsSpider
from crawler.platforms.ofsted import OfstedReports, OfstedTables
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


class MarshHerald(FenlandEcho):
    """A site on which everything goes wrong."""

    name = "marsh_herald"
    title = "Marsh Herald"
    hosts = ("www.marshherald.example",)
    feeds = ("http://www.marshherald.example/feed/",)
    deadline = 4


class BusyTimes(FenlandEcho):
    """A site that asks to be left alone."""

    name = "busy_times"
    title = "Busy Times"
    hosts = ("www.busytimes.example",)
    feeds = ("http://www.busytimes.example/feed/",)


class ShutGazette(FenlandEcho):
    """A site whose robots.txt is out of reach."""

    name = "shut_gazette"
    title = "Shut Gazette"
    hosts = ("www.shutgazette.example",)
    feeds = ("http://www.shutgazette.example/feed/",)


class SmallReports(OfstedReports):
    """The regulator of the demo's web: its reports."""

    name = "small_reports"
    title = "Reports"
    hosts = ("reports.ofsted.example", "files.ofsted.example")
    searches = ("https://reports.ofsted.example/search?q=&start=0&rows=10",)


class SmallTables(OfstedTables):
    """The regulator of the demo's web: its tables."""

    name = "small_tables"
    title = "Tables"
    hosts = ("reports.ofsted.example", "files.ofsted.example")
    pages = ("https://reports.ofsted.example/data",)
