"""BBC News, Birmingham and the Black Country."""

from crawler.platforms.bbc import Bbc


class BbcBirmingham(Bbc):
    """The region's feed."""

    name = "bbc_birmingham"
    title = "BBC Birmingham & Black Country"
    area = ("Birmingham", "Solihull", "Sandwell", "Dudley", "Walsall", "Wolverhampton")
    feeds = ("https://feeds.bbci.co.uk/news/england/birmingham_and_black_country/rss.xml",)
