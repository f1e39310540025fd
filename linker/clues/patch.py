"""The area a paper writes about, told by its name or address: a weak prior for where a home is."""

import re

from linker.gazetteer import Gazetteer, Place

_WIDE = ("region",)
_FINE = ("authority", "district", "area")
_COUNCILS_OWN = re.compile(r"\.gov\.uk$")
_LEAST = 5  # letters: shorter names stand inside other words


def area_of(outlet: str | None, gazetteer: Gazetteer) -> Place | None:
    """The authority, district or county in an outlet's name or address; None for a national one."""
    if not outlet:
        return None
    low = outlet.lower()
    if re.search(r"\.\w{2,}$", low) and " " not in low:
        return _in_address(low, gazetteer)
    named = [place for _, _, place in gazetteer.find(low) if place.kind not in _WIDE]
    return named[0] if named else None


def is_councils_own(outlet: str | None) -> bool:
    """Whether a council publishes it: its homes are its own."""
    return bool(outlet and _COUNCILS_OWN.search(outlet.lower()))


def _in_address(host: str, gazetteer: Gazetteer) -> Place | None:
    """The longest name of an authority, district or county written into a web address."""
    found = [
        (len(place.name), place)
        for place in gazetteer.within(re.sub(r"[^a-z.]", "", host))
        if place.kind in _FINE and len(place.name) >= _LEAST
    ]
    return max(found, key=lambda one: one[0])[1] if found else None
