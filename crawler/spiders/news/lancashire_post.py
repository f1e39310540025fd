"""The Lancashire Post: Preston and central Lancashire."""

from crawler.platforms.national_world import NationalWorld


class LancashirePost(NationalWorld):
    """A National World title."""

    name = "lancashire_post"
    title = "Lancashire Post"
    hosts = ("www.lep.co.uk",)
    area = ("Lancashire", "Blackpool")
    feeds = ("https://www.lep.co.uk/rss",)
