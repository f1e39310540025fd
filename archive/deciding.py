"""The decisions a reviewer may take, with the key, the form's value and the words of each."""

from dataclasses import dataclass
from typing import Any, Final, Literal, Protocol, cast

from archive.telling import days, setting_title
from storage.errors import UsageMistake
from storage.judgements import Decision
from storage.vocabulary import Level

Reach = Literal["inspection", "setting", "provider"]


@dataclass(frozen=True, slots=True)
class Plain:
    """A decision that names no record."""

    key: str
    decision: Decision
    title: str
    meaning: str


PLAIN: Final = (
    Plain("n", "none", "None of these", "The right record is not among the candidates."),
    Plain(
        "r", "not_in_register", "Not in the register", "It is about a setting that no register here holds."
    ),
    Plain("m", "several_fit", "Several fit", "Nothing in the text tells the candidates apart."),
    Plain("x", "not_about_a_setting", "Not about a setting", "It is about no one setting."),
)
REJECTED: Final = Plain("w", "rejected", "The stated link is wrong", "And what is right cannot be told.")
"""Offered only where the stated link is shown."""

REACHES: Final[tuple[tuple[str, Reach, str], ...]] = (
    ("i", "inspection", "This inspection"),
    ("s", "setting", "This setting, inspection not sure"),
    ("p", "provider", "This provider, setting not sure"),
)
_TITLES: Final[dict[str, str]] = {one.decision: one.title for one in (*PLAIN, REJECTED)}


class Records(Protocol):
    """What names the records of a candidate, a link or a judgement."""

    @property
    def setting(self) -> Any:
        """The setting's row, or None."""

    @property
    def inspection(self) -> Any:
        """The inspection's row, or None."""

    @property
    def provider(self) -> str | None:
        """The provider's name."""


def chosen(value: str) -> tuple[Decision, Level, str | None]:
    """What a form's value decides, such as ``setting setting-k3v…`` or ``several_fit``; UsageMistake."""
    word, _, record = value.partition(" ")
    if record and word in {reach for _, reach, _ in REACHES}:
        return "confirmed", cast("Level", word), record
    for one in (*PLAIN, REJECTED):
        if value == one.decision:
            return one.decision, "none", None
    raise UsageMistake("choose a candidate, or say why none is right")


def told(decision: str, level: str, records: Records) -> str:
    """A decision in words: what it confirms, as far as it reaches."""
    if decision == "undone":
        return "Taken back"
    if decision != "confirmed":
        return _TITLES.get(decision, decision)
    return target(level, records)


def target(level: str, records: Records) -> str:
    """The record that a link or judgement names, in words."""
    if level == "provider" or records.setting is None:
        return f"{records.provider or 'A provider'}, setting not sure"
    name = f"{setting_title(records.setting)} ({records.setting.urn})"
    visit = records.inspection
    if level == "inspection" and visit is not None:
        return f"{name}, {visit.kind} inspection of {days(visit.first_day, visit.last_day)}"
    return f"{name}, inspection not sure"
