"""The Star, Sheffield."""

from crawler.platforms.national_world import NationalWorld


class SheffieldStar(NationalWorld):
    """A National World title."""

    name = "sheffield_star"
    title = "The Star (Sheffield)"
    hosts = ("www.thestar.co.uk",)
    area = ("Sheffield", "Rotherham", "Barnsley", "Doncaster")
    feeds = ("https://www.thestar.co.uk/rss",)
