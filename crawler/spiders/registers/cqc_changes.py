"""CQC's API of locations, providers, ratings and reports; a key is given for nothing at its portal."""

from crawler.platforms.cqc import CqcApi


class CqcChanges(CqcApi):
    """What changed in the last week, or since a day."""

    name = "cqc_changes"
    title = "CQC: what changed"
    hosts = ("api.service.cqc.org.uk",)
    api = "https://api.service.cqc.org.uk/public/v1/"
