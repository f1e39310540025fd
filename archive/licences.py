"""Under what terms the data stand, and how to name whom they are from; pages, packs and packages say this."""

from dataclasses import dataclass
from typing import Final

OGL: Final = "Open Government Licence v3.0"
OGL_AT: Final = "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/"
OGL_NAME: Final = "OGL-UK-3.0"
PRESS: Final = (
    "Press articles belong to their publishers. Their words are kept for the newsroom's research"
    " and are not licensed for publication."
)
WITHHELD: Final = (
    "Regulators withhold the names and addresses of children's homes. They are not in these data;"
    " do not publish what would tell them."
)


@dataclass(frozen=True, kw_only=True)
class Publisher:
    """A body whose data are here, and the words in which it is to be named."""

    title: str
    path: str

    @property
    def attribution(self) -> str:
        """One sentence, for wherever the data go."""
        return f"Contains public sector information of {self.title}, licensed under the {OGL}."


REGULATORS: Final = {
    "ofsted": Publisher(title="Ofsted", path="https://www.gov.uk/government/organisations/ofsted"),
    "cqc": Publisher(title="the Care Quality Commission", path="https://www.cqc.org.uk/"),
    "care_inspectorate": Publisher(title="the Care Inspectorate", path="https://www.careinspectorate.com/"),
    "ciw": Publisher(title="Care Inspectorate Wales", path="https://www.careinspectorate.wales/"),
    "rqia": Publisher(title="the RQIA", path="https://www.rqia.org.uk/"),
    "hmip": Publisher(
        title="HM Inspectorate of Probation", path="https://hmiprobation.justiceinspectorates.gov.uk/"
    ),
}
STATISTICS: Final = Publisher(title="the Office for National Statistics", path="https://www.ons.gov.uk/")
"""Whose authorities and regions these are."""


def publishers(regulators: list[str]) -> list[Publisher]:
    """Whom to name for data of these regulators."""
    return [*(REGULATORS[name] for name in regulators if name in REGULATORS), STATISTICS]
