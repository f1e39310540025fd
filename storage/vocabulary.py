"""The words of the field, one spelling each: regulators, kinds of setting and inspection, judgements."""

from typing import Final, Literal

REGULATORS: Final = ("ofsted", "cqc", "care_inspectorate", "ciw", "rqia", "hmip")

InspectionKind = Literal["full", "interim", "monitoring", "assurance", "other"]
Level = Literal["inspection", "setting", "provider", "none"]
Status = Literal["linked", "candidate", "none", "withdrawn"]
Answer = Literal[
    "asserted", "several_fit", "not_in_register", "not_about_a_setting", "too_little", "restricted"
]
Area = Literal[
    "overall",
    "protection",
    "leadership",
    "education",
    "health",
    "outcomes",
    "quality_of_care",
    # of a council's services
    "in_care",
    "care_leavers",
    "adoption",
    # CQC's five key questions
    "safe",
    "effective",
    "caring",
    "responsive",
    "well_led",
]

SETTING_KINDS: Final = (
    "children's home",
    "secure children's home",
    "secure training centre",
    "residential special school",
    "residential special school registered as a children's home",
    "residential family centre",
    "residential holiday scheme",
    "supported accommodation",
    "fostering agency",
    "adoption agency",
    "adoption support agency",
    "boarding school",
    "further education college with residence",
    "local authority children's services",
    "care home",
    "care home with nursing",
    "homecare agency",
    "supported living",
    "extra care housing",
    "hospice",
    "hospital",
    "community health service",
    "doctors' practice",
    "dental practice",
    "ambulance service",
    "other",
)

WITHHELD_KINDS: Final = frozenset(
    {
        "children's home",
        "secure children's home",
        "residential special school registered as a children's home",
    }
)
"""Kinds of setting whose name and address the regulator withholds; nor do we keep them."""

GRADES: Final = ("Outstanding", "Good", "Requires improvement to be good", "Adequate", "Inadequate")
"""Full inspections, best first; ``Adequate`` was the third of four grades until 2015."""

PROGRESS: Final = ("Improved effectiveness", "Sustained effectiveness", "Declined effectiveness")
"""Interim inspections, best first."""

DELIVERY: Final = (
    "Consistently strong service delivery",
    "Inconsistent quality of service delivery",
    "Serious or widespread weaknesses",
)
"""Supported accommodation since 2024, best first."""

UNRATED: Final = ("Inspected but not rated", "Not judged")
"""What stands in a grade's place where an inspection gave none."""
