"""Cells of a CSV file: text that no spreadsheet takes for a formula, and the rule to have it back as it was.

A text that begins with a sign of a formula (``= + - @``, a tab or a carriage return, or their full-width
forms), after any number of apostrophes, is written with one apostrophe more in front. So to read a cell back:
where apostrophes and then such a sign begin it, take the first apostrophe off.
"""

import re
from typing import Final

LIVE: Final = "^'*[=+\\-@\t\r＝＋－＠]"
"""What begins with a sign of a formula, for Python's and for Arrow's expressions."""
_LIVE: Final = re.compile(LIVE)


def safe(text: str) -> str:
    """The text as a cell."""
    return f"'{text}" if _LIVE.match(text) else text


def unsafe(cell: str) -> str:
    """The text that a cell stands for."""
    return cell[1:] if cell.startswith("'") and _LIVE.match(cell) else cell
