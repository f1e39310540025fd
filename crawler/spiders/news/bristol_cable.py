"""The Bristol Cable: a co-operative of its readers."""

from crawler.platforms.wordpress import WordPress


class BristolCable(WordPress):
    """On WordPress."""

    name = "bristol_cable"
    title = "The Bristol Cable"
    hosts = ("thebristolcable.org",)
    area = ("Bristol", "South Gloucestershire")
    terms = "https://thebristolcable.org/terms/"
    feeds = ("https://thebristolcable.org/feed/",)
