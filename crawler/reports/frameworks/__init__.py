"""The frameworks of inspection, one file each, found by their words."""

from typing import Final

from crawler.reports.frameworks import (
    before_2014,
    cqc,
    cqc_assessments,
    cqc_standards,
    from_2014,
    ilacs,
    sccif,
    single_inspection,
    supported_accommodation,
)
from crawler.reports.frameworks.framework import Framework

FRAMEWORKS: Final = (
    cqc.FRAMEWORK,
    cqc_assessments.FRAMEWORK,
    cqc_standards.FRAMEWORK,
    single_inspection.FRAMEWORK,
    ilacs.FRAMEWORK,
    supported_accommodation.FRAMEWORK,
    sccif.FRAMEWORK,
    from_2014.FRAMEWORK,
    before_2014.FRAMEWORK,
)
"""Those that are told by their titles first, then the newest."""


def recognised(text: str) -> Framework | None:
    """The framework whose words the report uses; None for what is no such report."""
    return next((framework for framework in FRAMEWORKS if framework.recognises(text)), None)
