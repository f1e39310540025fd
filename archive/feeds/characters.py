"""Any text made fit for a feed: only characters that XML 1.0 has, none that reorder what stands beside."""

import re
from typing import Final

LONGEST_TITLE: Final = 300
_UNFIT: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"  # controls
    "\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"  # lone surrogates and what is no character
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]"  # marks that turn the direction of a reader's line
    "|["
    + "".join(f"{chr(plane * 0x10000 + 0xFFFE)}{chr(plane * 0x10000 + 0xFFFF)}" for plane in range(1, 17))
    + "]"
)


def fit(text: str) -> str:
    """The text without what no feed may hold."""
    return _UNFIT.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def line(text: str, longest: int = LONGEST_TITLE) -> str:
    """The text in one line, cut at ``longest`` characters; a dash where nothing is left to be read."""
    one = " ".join(fit(text).split())
    return (one if len(one) <= longest else one[: longest - 2].rstrip() + " …") or "–"


def without_tags(text: str) -> str:
    """A line in which no reader can see a tag: RSS never said whether its titles are HTML."""
    return text.replace("<", "‹").replace(">", "›")
