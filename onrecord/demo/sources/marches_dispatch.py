"""The Marches Dispatch: invented; the counties along the Welsh border."""

from crawler.platforms.wordpress import WordPress


class MarchesDispatch(WordPress):
    """A listing of five stories a page."""

    name = "marches_dispatch"
    title = "Marches Dispatch"
    hosts = ("marchesdispatch.example",)
    area = ("Arrowshire", "Tellerford and Wrake", "Hayfordshire", "Wychshire", "Gloamshire")
    terms = "invented for the demo"
    shown_to = "public"
    listings = ("https://marchesdispatch.example/category/news/",)
