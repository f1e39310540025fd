"""The Pennine Messenger: invented; Greater Mosschester's hill towns and Hathersdale."""

from crawler.platforms.reach import Reach


class PennineMessenger(Reach):
    """A news sitemap of all it has, and a short feed."""

    name = "pennine_messenger"
    title = "The Pennine Messenger"
    hosts = ("www.pennine-messenger.example",)
    area = ("Aldermoss", "Rackendale", "Marlport", "Emmerside", "Quernbury", "Hulderton", "Hathersdale")
    terms = "invented for the demo"
    shown_to = "public"
    feeds = ("https://www.pennine-messenger.example/?service=rss",)
    sitemaps = ("https://www.pennine-messenger.example/map_news.xml",)
