"""What the Care Inspectorate's datastore is, whatever host it is served on."""

from crawler.discovery.listings import Listing
from crawler.registers import RegisterFiles


class CareInspectorateFiles(RegisterFiles):
    """One CSV a month, named by its day."""

    regulator = "care_inspectorate"
    terms = "Open Government Licence v3.0"
    links = Listing(links="a[href$='.csv'], a[href*='MDSF'], a[href*='datastore']")
    tables = ((r"MDSF|datastore", "register"),)
