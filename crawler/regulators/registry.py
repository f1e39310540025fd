"""The regulators whose tables can be read, by name."""

from crawler.regulators.care_inspectorate import CARE_INSPECTORATE
from crawler.regulators.cqc import CQC
from crawler.regulators.declared import Regulator
from crawler.regulators.ofsted import OFSTED
from storage.errors import UsageMistake

REGULATORS = {regulator.name: regulator for regulator in (OFSTED, CQC, CARE_INSPECTORATE)}


def regulator_named(name: str) -> Regulator:
    """The regulator's declarations; UsageMistake naming those there are."""
    if name.lower() not in REGULATORS:
        raise UsageMistake(f"--regulator {name}: known are {', '.join(sorted(REGULATORS))}")
    return REGULATORS[name.lower()]
