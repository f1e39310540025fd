"""The ONS's codes of England's upper-tier authorities, so that exports can be joined without an import.

Facts of the Office for National Statistics, under the Open Government Licence v3.0. ``authorities.csv`` has
today's authorities and those that older registers name; what is imported (``storage.places``) goes first.
"""

import csv
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

_FILE: Final = Path(__file__).with_name("authorities.csv")


@cache
def codes_by_name() -> Mapping[str, str]:
    """The code of each authority by its name as this table spells it."""
    with _FILE.open(encoding="utf-8", newline="") as file:
        return {row["authority"]: row["code"] for row in csv.DictReader(file)}
