"""The tables of the demo's regulator: invented, in the shape of Ofsted's yearly ones."""

from crawler.platforms.ofsted import OfstedTables


class ExampleTables(OfstedTables):
    """Two registers and two years of inspections, linked from one page."""

    name = "example_tables"
    title = "Registers and inspections (demo)"
    hosts = ("reports.ofsted.example", "files.ofsted.example")
    terms = "invented for the demo"
    pages = ("https://reports.ofsted.example/data",)
