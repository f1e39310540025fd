"""The Wolds & Estuary Gazette: invented; both banks of the estuary."""

from crawler.platforms.newsquest import Newsquest


class WoldsEstuaryGazette(Newsquest):
    """A feed of all it has."""

    name = "wolds_estuary_gazette"
    title = "Wolds & Estuary Gazette"
    hosts = ("www.wolds-estuary-gazette.example",)
    area = (
        "Haldermouth",
        "Holderwold",
        "North Lindwold",
        "North East Lindwold",
        "Hambleshire",
    )
    terms = "invented for the demo"
    shown_to = "public"
    feeds = ("https://www.wolds-estuary-gazette.example/news/rss/",)
