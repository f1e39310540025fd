"""Why a search found nothing, told condition by condition, so that nobody has to guess what to leave out."""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from storage.dates import PartialDate
from storage.search.language import FIELDS, Parsed, Part

_MOST_ASKED: Final = 8  # conditions that are looked for alone
_LONGEST_TOLD: Final = 40
_FIELD_LIKE: Final = re.compile(r"(?<![^\s(-])([A-Za-z_]{2,20}):(?=[^\s/:])")
_PHRASE: Final = re.compile(r'"[^"]*"?')
_MEANT: Final = {
    "authority": "place",
    "council": "place",
    "la": "place",
    "area": "place",
    "county": "place",
    "operator": "provider",
    "company": "provider",
    "owner": "provider",
    "paper": "outlet",
    "newspaper": "outlet",
    "source": "outlet",
    "site": "outlet",
    "grade": "judgement",
    "rating": "judgement",
    "rated": "judgement",
    "overall": "judgement",
    "judgment": "judgement",
    "since": "after",
    "from": "after",
    "year": "after",
    "until": "before",
    "to": "before",
    "link": "linked",
    "is": "linked",
    "type": "kind",
}
"""What other archives call our fields."""


def reasons(parsed: Parsed, finds: Callable[[Part], int]) -> tuple[str, ...]:
    """What of the query keeps everything out; ``finds`` counts the hits of one condition alone."""
    told = [*_no_fields(parsed.text), *_no_days(parsed.parts)]
    if told:
        return tuple(told)
    asked = list(dict.fromkeys(parsed.parts))[:_MOST_ASKED]
    alone = [part for part in asked if part.field or len(asked) > 1]
    return tuple(f"Nothing in the archive has {_written(part)}." for part in alone if not finds(part))


def _no_fields(text: str) -> Iterator[str]:
    """What stands there like a field and is none."""
    for name in dict.fromkeys(_FIELD_LIKE.findall(_PHRASE.sub(" ", text))):
        if name.lower() in FIELDS:
            continue
        meant = _MEANT.get(name.lower())
        instead = f"write {meant}:" if meant else f"the fields are {', '.join(FIELDS)}"
        yield f"“{name}:” is no field, so it was searched for as a word; {instead}."


def _no_days(parts: Sequence[Part]) -> Iterator[str]:
    """Days that no day lies between."""
    after, before = (_part_of(parts, name) for name in ("after", "before"))
    if not after or not before:
        return
    if PartialDate.parse(after.text).span.first >= PartialDate.parse(before.text).span.first:
        yield f"No day is after {after.text} and before {before.text} too."


def _part_of(parts: Sequence[Part], field: str) -> Part | None:
    named = [part for part in parts if part.field == field]
    return named[0] if len(named) == 1 else None


def _written(part: Part) -> str:
    """The condition as a person would write it."""
    text = part.text if len(part.text) <= _LONGEST_TOLD else part.text[:_LONGEST_TOLD] + "…"
    text += "*" if part.how == "prefix" else ""
    if part.field is None:
        return f"“{text}”"
    return f'{part.field}:"{text}"' if part.how == "phrase" else f"{part.field}:{text}"
