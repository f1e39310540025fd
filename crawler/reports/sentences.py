"""Sentences of a paragraph, with care for what only looks like an end."""

import re
from collections.abc import Iterator
from typing import Final

_END: Final = re.compile(r"[.!?…]+[\"'”’)\]]*(?=\s+[\"'“‘(\[]?[A-Z0-9£•])|[;:](?=\s+[•▪◼●])")
_ABBREVIATIONS: Final = frozenset(
    {
        *("mr", "mrs", "ms", "dr", "prof", "rev", "st", "no", "nos", "reg", "regs", "para", "paras", "pp"),
        *(
            "eg",
            "e.g",
            "i.e",
            "ie",
            "etc",
            "cf",
            "vs",
            "al",
            "approx",
            "inc",
            "ltd",
            "co",
            "dept",
            "tel",
            "fig",
        ),
    }
)
_BEFORE: Final = re.compile(r"([A-Za-z][\w.]*)$")


def spans(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of each sentence in ``text``, in code points, without the spaces between."""
    start = 0
    for end in _END.finditer(text):
        if _is_an_end(text, end) and not text[start : end.start()].isdigit():  # "12. Staff …" is numbered
            yield start, end.end()
            start = end.end() + len(text[end.end() :]) - len(text[end.end() :].lstrip())
    if text[start:].strip():
        yield start, len(text.rstrip())


def _is_an_end(text: str, end: re.Match[str]) -> bool:
    if end[0] != ".":
        return True
    before = _BEFORE.search(text, max(end.start() - 20, 0), end.start())
    if before is None:
        return True
    word = before[1].lower()
    if word in _ABBREVIATIONS:
        return word in {"etc", "ltd", "co", "inc"}
    return len(word) > 1  # a single letter is an initial
