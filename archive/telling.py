"""Dates, judgements, odds and settings in words, as pages tell them; times are London's."""

import datetime as dt
import math
import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Protocol
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from storage.dates import PartialDate

LONDON: Final = ZoneInfo("Europe/London")
_AS_NAMED: Final[Mapping[str, str]] = MappingProxyType({})
_ISO_DAY: Final = re.compile(r"\b[12]\d{3}-\d\d-\d\d\b")
_GRADES: Final = {
    "outstanding": "outstanding",
    "good": "good",
    "requires improvement": "requires",
    "adequate": "requires",
    "inadequate": "inadequate",
    "improved": "good",
    "sustained": "neutral",
    "declined": "inadequate",
    "consistently strong": "good",
    "inconsistent": "requires",
    "serious": "inadequate",
}
_LEVELS: Final = {
    "inspection": "this inspection",
    "setting": "this setting; which inspection is not sure",
    "provider": "this provider; which of its settings is not sure",
    "none": "nothing asserted",
}
_ANSWERS: Final = {
    "several_fit": "Several records fit, and nothing in the text tells them apart.",
    "not_in_register": "It describes a setting that is not in the registers held here.",
    "not_about_a_setting": "It is not about any one setting.",
    "too_little": "It says too little to tell which setting it is about.",
    "restricted": "It is restricted.",
}
_LINKS: Final = {
    "confirmed": "Confirmed by a person",
    "linked": "Linked",
    "candidate": "For review",
    "none": "No record found",
    "waiting": "Not looked at yet",
    "covered": "Covered by the press",
    "uncovered": "Not covered",
}

_REGULATORS: Final = {
    "ofsted": "Ofsted",
    "cqc": "CQC",
    "care_inspectorate": "Care Inspectorate",
    "ciw": "Care Inspectorate Wales",
    "rqia": "RQIA",
    "hmip": "HMIP",
}
_KINDS: Final = {"article": "Stories", "report": "Official reports"}


class HasPlace(Protocol):
    """What names a setting."""

    kind: str
    name: str | None
    name_withheld: bool
    local_authority: str | None


def day(value: dt.date | None) -> str:
    """``5 March 2024``; a dash where there is none."""
    return f"{value.day} {value:%B %Y}" if value else "–"


def days(first: dt.date | None, last: dt.date | None) -> str:
    """``5 to 6 March 2024``, as short as it can be said."""
    if first is None or last is None or first == last:
        return day(first or last)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day} to {day(last)}"
    if first.year == last.year:
        return f"{first.day} {first:%B} to {day(last)}"
    return f"{day(first)} to {day(last)}"


def published(iso: str | None) -> str:
    """A date as exact as it is known: ``2022``, ``August 2022``, ``3 August 2022``."""
    try:
        known = PartialDate.parse(iso or "")
    except ValueError:
        return "undated"
    if known.precision == "day":
        return day(known.span.first)
    return f"{known.span.first:%B %Y}" if known.month else str(known.year)


def spoken(text: str) -> str:
    """The text with its ISO dates written out."""
    return _ISO_DAY.sub(lambda found: published(found[0]).replace("undated", found[0]), text)


def moment(value: dt.datetime | None) -> str:
    """``3 June 2024, 10:30 BST``."""
    if value is None:
        return "–"
    local = value.astimezone(LONDON)
    return f"{day(local.date())}, {local:%H:%M %Z}"


def london_day(at: dt.datetime) -> dt.date:
    """The day it is in London at that moment."""
    return at.astimezone(LONDON).date()


def percent(probability: float) -> str:
    """A probability without false precision at its ends."""
    if probability > 0.99:
        return "over 99 %"
    if probability < 0.01:
        return "under 1 %"
    return f"{probability * 100:.0f} %"


def odds(weight: float) -> str:
    """What a weight in log2 does to the odds, in words."""
    times = 2 ** min(abs(weight), 40)
    if times < 1.05:
        return "no difference"
    if times > 1_000_000:
        return f"over a million times {'likelier' if weight > 0 else 'less likely'}"
    shown = f"{times:,.0f}" if times >= 10 else f"{times:.1f}".removesuffix(".0")
    return f"{shown} times {'likelier' if weight > 0 else 'less likely'}"


def signed(weight: float) -> str:
    """A weight with its sign, and a minus that is one."""
    return f"{'+' if weight >= 0 else '−'}{abs(weight):.1f}"


def share(log2_odds: float) -> float:
    """The probability of odds given in log2."""
    return 1 / (1 + math.exp2(-max(min(log2_odds, 60), -60)))


def grade(judgement: str | None) -> str:
    """The family of a judgement, for its label's colour; the label always carries the word too."""
    lowered = (judgement or "").lower()
    return next((family for word, family in _GRADES.items() if lowered.startswith(word)), "neutral")


def setting_title(setting: HasPlace) -> str:
    """A setting's name, or what and where it is when its name is withheld."""
    if setting.name and not setting.name_withheld:
        return setting.name
    kind = f"{setting.kind[:1].upper()}{setting.kind[1:]}"
    return f"{kind} in {setting.local_authority}" if setting.local_authority else kind


def composed(
    kind: str | None, authority: str | None, judgement: str | None, *, owner: str | None = None
) -> str:
    """What a story is about, by fields alone: ``Children's home in Stockport, inadequate``.

    ``owner``: where no setting is asserted, whose setting it is.
    """
    what = f"A setting of {owner}" if owner else kind or "A setting"
    where = f" in {authority}" if authority else ""
    judged = f", {judgement.lower()}" if judgement else ""
    return f"{what[:1].upper()}{what[1:]}{where}{judged}"


def level(name: str) -> str:
    """How far a link reaches."""
    return _LEVELS.get(name, name)


def answer(name: str | None) -> str:
    """Why nothing was asserted, as a sentence."""
    return _ANSWERS.get(name or "", "Nothing in the record fits well enough to be asserted.")


def link_state(name: str) -> str:
    """The state of an article's link, or of a report's coverage."""
    return _LINKS.get(name, name)


def regulator(name: str) -> str:
    """A regulator as it writes itself."""
    return _REGULATORS.get(name, name)


def facet_value(value: str, facet: str) -> str:
    """A value of a facet as readers see it."""
    if facet == "month":
        return published(value)
    told = {"link": _LINKS, "kind": _KINDS, "regulator": _REGULATORS}.get(facet, {})
    return told.get(value, value)


def outward(url: str | None, served_at: Mapping[str, str] = _AS_NAMED) -> str | None:
    """The address when a browser may be sent there: http or https, a host, nothing hidden in it.

    ``served_at``: hosts that no name leads to, and the ``address:port`` where they are served over http.
    """
    if not url or not url.isprintable() or " " in url:
        return None
    try:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            return None
        served = served_at.get(parts.hostname)
        return parts._replace(scheme="http", netloc=served).geturl() if served else url
    except ValueError:
        return None
