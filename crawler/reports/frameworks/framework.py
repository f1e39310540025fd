"""What tells a framework, whose it is, and the words before which it puts each judgement."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from crawler.reports.identity import Identify, of_setting
from storage.vocabulary import Area


@dataclass(frozen=True, kw_only=True)
class Framework:
    """``marks`` stands in every report of it; ``areas`` are the beginnings of the judgements' labels.

    ``within``: characters of the head in which the marks must stand, None for anywhere. ``sentences``: for
    a judgement that is told in a sentence, a pattern whose only group that matches is the grade.
    """

    name: str
    marks: re.Pattern[str]
    areas: Mapping[Area, str]
    sentences: Mapping[Area, re.Pattern[str]] = field(default_factory=dict)
    within: int | None = None
    regulator: str = "ofsted"
    identify: Identify = of_setting
    numbered: bool = True
    """Whether every report carries the setting's number."""

    def recognises(self, text: str) -> bool:
        """Whether the report was written under this framework."""
        return self.marks.search(text[: self.within]) is not None
