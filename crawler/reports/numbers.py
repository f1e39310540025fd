"""Numbers in words, as reports state how many children a home may care for."""

import re
from typing import Final

NUMBER_WORDS: Final = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven"),
    *("twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty"),
)
_TENS: Final = {
    "twenty": 20,
    "thirty": 30,
    "forty": 40,
    "fifty": 50,
    "sixty": 60,
    "seventy": 70,
    "eighty": 80,
}
_UNITS: Final = "|".join(NUMBER_WORDS[1:10])

NUMBER: Final = rf"(?:\d{{1,3}}|(?:{'|'.join(_TENS)})[- ](?:{_UNITS})|{'|'.join([*NUMBER_WORDS, *_TENS])})"
"""A pattern for a number below a thousand in digits, or below ninety in words."""


def number(text: str) -> int:
    """The value of what ``NUMBER`` matched."""
    if text.isdigit():
        return int(text)
    tens, *units = re.split(r"[- ]", text.lower())
    value = _TENS.get(tens) or NUMBER_WORDS.index(tens)
    return value + (NUMBER_WORDS.index(units[0]) if units else 0)


def in_words(value: int) -> str:
    """``eight`` for 8; digits above twenty."""
    return NUMBER_WORDS[value] if value < len(NUMBER_WORDS) else str(value)
