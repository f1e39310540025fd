"""BBC News, Greater Manchester."""

from crawler.platforms.bbc import Bbc


class BbcManchester(Bbc):
    """The region's feed."""

    name = "bbc_manchester"
    title = "BBC Manchester"
    area = (
        "Manchester",
        "Salford",
        "Trafford",
        "Stockport",
        "Tameside",
        "Oldham",
        "Rochdale",
        "Bury",
        "Bolton",
        "Wigan",
    )
    feeds = ("https://feeds.bbci.co.uk/news/england/manchester/rss.xml",)
