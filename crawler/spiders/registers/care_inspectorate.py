"""The Care Inspectorate's datastore of care services in Scotland: https://www.careinspectorate.com."""

from crawler.platforms.care_inspectorate import CareInspectorateFiles


class CareInspectorateDatastore(CareInspectorateFiles):
    """The page links to the newest file and some older ones."""

    name = "care_inspectorate"
    title = "Care Inspectorate: datastore"
    hosts = ("www.careinspectorate.com",)
    pages = ("https://www.careinspectorate.com/index.php/publications-statistics/93-public/datastore",)
