"""Characters put right: ligatures, odd spaces, words broken at the end of a line."""

import re
from typing import Final

_LIGATURES: Final = str.maketrans(
    {
        "\ufb00": "ff", "\ufb01": "fi", "\ufb02": "fl", "\ufb03": "ffi", "\ufb04": "ffl",
        "\ufb05": "st", "\ufb06": "st", "\u00ad": None, "\u200b": None, "\u200c": None,
        "\u200d": None, "\ufeff": None, "\u2010": "-", "\u2011": "-",
    }
)  # fmt: skip
_SPACES: Final = re.compile(r"\s+")
_BROKEN: Final = re.compile(r"([A-Za-z]+(?:-[A-Za-z]+)*)[-\u00ad\u2010]$")
_KEEPS_ITS_HYPHEN: Final = frozenset(
    {
        *(
            "age",
            "all",
            "anti",
            "child",
            "co",
            "day",
            "decision",
            "ex",
            "five",
            "four",
            "full",
            "good",
            "half",
        ),
        *(
            "high",
            "ill",
            "in",
            "long",
            "low",
            "multi",
            "non",
            "off",
            "on",
            "one",
            "part",
            "post",
            "pre",
            "re",
        ),
        *("self", "short", "six", "step", "ten", "three", "two", "up", "well", "whole", "young"),
    }
)


def tidy(text: str) -> str:
    """The text with ligatures as letters and every run of white space as one space."""
    return _SPACES.sub(" ", text.translate(_LIGATURES)).strip()


def join(text: str, line: str, vocabulary: frozenset[str]) -> str:
    """``text`` and the line that follows it; a word broken between them is made whole.

    ``vocabulary``: the words of the document in lower case, which tell ``safe-/guarding`` (elsewhere
    *safeguarding*) from ``child-/centred``.
    """
    broken = _BROKEN.search(text) if line[:1].islower() else None
    if not broken:
        return f"{text} {line}" if text else line
    first = broken[1]
    second = re.match(r"[a-z]+", line)
    whole = f"{first}{second[0] if second else ''}".lower()
    hyphened = f"{first}-{second[0] if second else ''}".lower()
    soft = text.endswith("\u00ad")
    if soft or whole in vocabulary or not (hyphened in vocabulary or _stands_alone(first, vocabulary)):
        return text[:-1] + line
    return f"{text[:-1]}-{line}"


def _stands_alone(word: str, vocabulary: frozenset[str]) -> bool:
    return "-" in word or word.lower() in _KEEPS_ITS_HYPHEN or word.lower() in vocabulary
