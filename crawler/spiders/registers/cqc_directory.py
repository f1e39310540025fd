"""CQC's directory of active locations: https://www.cqc.org.uk/about-us/transparency/using-cqc-data."""

from crawler.platforms.cqc import CqcFiles


class CqcDirectory(CqcFiles):
    """The newest directory stands on the page; older ones are taken away."""

    name = "cqc_directory"
    title = "CQC: directory of active locations"
    hosts = ("www.cqc.org.uk",)
    pages = ("https://www.cqc.org.uk/about-us/transparency/using-cqc-data",)
