"""What CQC's own sites share, whatever host they are served on."""

from crawler.answer_sites import AnswerSite
from crawler.discovery.listings import Listing
from crawler.registers import RegisterFiles


class CqcApi(AnswerSite):
    """What changed, location by location; each names its provider."""

    regulator = "cqc"
    terms = "Open Government Licence v3.0"
    needs_key = "ONRECORD_CQC_KEY"
    key_header = "Ocp-Apim-Subscription-Key"
    changes = "changes/location"
    things = "locations/"


class CqcFiles(RegisterFiles):
    """The directory of active locations, a CSV named by its day; the workbook beside it holds the same."""

    regulator = "cqc"
    terms = "Open Government Licence v3.0"
    links = Listing(links="a[href$='.csv']")
    tables = ((r"directory", "register"),)
