"""The frameworks under which homes were inspected, newest first; one file each, found by its words."""

from typing import Final

from crawler.reports.frameworks import before_2014, from_2014, sccif
from crawler.reports.frameworks.framework import Framework

FRAMEWORKS: Final = (sccif.FRAMEWORK, from_2014.FRAMEWORK, before_2014.FRAMEWORK)


def recognised(text: str) -> Framework | None:
    """The framework whose words the report uses; None for what is no such report."""
    return next((framework for framework in FRAMEWORKS if framework.marks.search(text)), None)
