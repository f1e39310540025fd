"""What tells a framework, and the words before which it puts each judgement."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from storage.vocabulary import Area


@dataclass(frozen=True, kw_only=True)
class Framework:
    """``marks`` stands in every report of it; ``areas`` are the beginnings of the judgements' labels."""

    name: str
    marks: re.Pattern[str]
    areas: Mapping[Area, str]
