"""The reports site of the demo's regulator: invented, in the shape of Ofsted's."""

from crawler.platforms.ofsted import OfstedReports


class ExampleReports(OfstedReports):
    """Search pages of ten settings, a page a setting, PDFs on a host of their own."""

    name = "example_reports"
    title = "Inspection reports (demo)"
    hosts = ("reports.ofsted.example", "files.ofsted.example")
    terms = "invented for the demo"
    searches = ("https://reports.ofsted.example/search?q=&level_1_types=3&status[0]=1&start=0&rows=10",)
