"""Chronicle Live: Tyneside and Northumberland."""

from crawler.platforms.reach import Reach


class ChronicleLive(Reach):
    """A Reach title."""

    name = "chronicle_live"
    title = "Chronicle Live"
    hosts = ("www.chroniclelive.co.uk",)
    area = (
        "Newcastle upon Tyne",
        "Gateshead",
        "North Tyneside",
        "South Tyneside",
        "Sunderland",
        "Northumberland",
    )
    feeds = ("https://www.chroniclelive.co.uk/?service=rss",)
    sitemaps = ("https://www.chroniclelive.co.uk/map_news.xml",)
