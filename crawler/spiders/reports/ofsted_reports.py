"""Ofsted's reports on children's social care: https://reports.ofsted.gov.uk."""

from crawler.platforms.ofsted import OfstedReports

_SEARCH = "https://reports.ofsted.gov.uk/search?q=&level_1_types=3&status[0]=1&start=0&rows=100"


class OfstedReportsSite(OfstedReports):
    """Every provider of social care: homes under ``/provider/2/``, agencies under ``/provider/1/``."""

    name = "ofsted_reports"
    title = "Ofsted inspection reports"
    hosts = ("reports.ofsted.gov.uk", "files.ofsted.gov.uk")
    searches = (_SEARCH,)
    setting_pages = r"^/provider/(?!44/)"
