"""Community Care: the trade title of social workers."""

from crawler.platforms.wordpress import WordPress


class CommunityCare(WordPress):
    """On WordPress; all of England."""

    name = "community_care"
    title = "Community Care"
    hosts = ("www.communitycare.co.uk",)
    terms = "https://www.communitycare.co.uk/terms-conditions/"
    feeds = ("https://www.communitycare.co.uk/feed/",)
