"""The Wolds & Estuary Gazette: invented; both banks of the Humber."""

from crawler.platforms.newsquest import Newsquest


class WoldsEstuaryGazette(Newsquest):
    """A feed of all it has."""

    name = "wolds_estuary_gazette"
    title = "Wolds & Estuary Gazette"
    hosts = ("www.wolds-estuary-gazette.example",)
    area = (
        "Kingston upon Hull",
        "East Riding of Yorkshire",
        "North Lincolnshire",
        "North East Lincolnshire",
        "North Yorkshire",
    )
    terms = "invented for the demo"
    shown_to = "public"
    feeds = ("https://www.wolds-estuary-gazette.example/news/rss/",)
