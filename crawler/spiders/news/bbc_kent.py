"""BBC News, Kent."""

from crawler.platforms.bbc import Bbc


class BbcKent(Bbc):
    """The region's feed."""

    name = "bbc_kent"
    title = "BBC Kent"
    area = ("Kent", "Medway")
    feeds = ("https://feeds.bbci.co.uk/news/england/kent/rss.xml",)
