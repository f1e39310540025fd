"""What Ofsted's own sites share, whatever host they are served on."""

from crawler.registers import RegisterFiles
from crawler.report_sites import ReportSite


class OfstedReports(ReportSite):
    """``searches``: the first page of each search, with ``start`` and ``rows`` in its query."""

    regulator = "ofsted"
    terms = "Open Government Licence v3.0"
    span = "&latest_report_date_start={since}&latest_report_date_end={until}"


class OfstedTables(RegisterFiles):
    """The yearly tables: registers as at a day, inspections in a year, joiners and leavers."""

    regulator = "ofsted"
    terms = "Open Government Licence v3.0"
    tables = (
        (r"joiners|leavers|openings", "changes"),
        (r"provider.level.+as at|register", "register"),
        (r"provider.level.+in.year|inspections in", "inspections"),
    )
