"""BBC News, Leeds and West Yorkshire."""

from crawler.platforms.bbc import Bbc


class BbcLeeds(Bbc):
    """The region's feed."""

    name = "bbc_leeds"
    title = "BBC Leeds & West Yorkshire"
    area = ("Leeds", "Bradford", "Calderdale", "Kirklees", "Wakefield")
    feeds = ("https://feeds.bbci.co.uk/news/england/leeds_and_west_yorkshire/rss.xml",)
