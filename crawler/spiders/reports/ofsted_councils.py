"""Ofsted's letters and reports on councils' services for children: https://reports.ofsted.gov.uk."""

from crawler.platforms.ofsted import OfstedReports

_SEARCH = "https://reports.ofsted.gov.uk/search?q=&level_1_types=3&status[0]=1&start=0&rows=100"


class OfstedCouncils(OfstedReports):
    """Local authorities (type 12 of the search), whose pages lie under ``/provider/44/``."""

    name = "ofsted_councils"
    title = "Ofsted on councils' services for children"
    hosts = ("reports.ofsted.gov.uk", "files.ofsted.gov.uk")
    searches = (f"{_SEARCH}&level_2_types[0]=12",)
    setting_pages = r"^/provider/44/"
