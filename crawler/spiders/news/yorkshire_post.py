"""The Yorkshire Post."""

from crawler.platforms.national_world import NationalWorld


class YorkshirePost(NationalWorld):
    """A National World title."""

    name = "yorkshire_post"
    title = "The Yorkshire Post"
    hosts = ("www.yorkshirepost.co.uk",)
    area = (
        "North Yorkshire",
        "York",
        "Leeds",
        "Sheffield",
        "East Riding of Yorkshire",
        "Kingston upon Hull",
    )
    feeds = ("https://www.yorkshirepost.co.uk/rss",)
