"""Ofsted's yearly tables "Children's social care data in England": https://www.gov.uk."""

from crawler.platforms.ofsted import OfstedTables

_STATISTICS = "https://www.gov.uk/government/statistics"


class OfstedYearlyTables(OfstedTables):
    """One page a year; the files lie on the assets host."""

    name = "ofsted_tables"
    title = "Ofsted: children's social care data in England"
    hosts = ("www.gov.uk", "assets.publishing.service.gov.uk")
    pages = tuple(f"{_STATISTICS}/childrens-social-care-data-in-england-{year}" for year in range(2020, 2026))
