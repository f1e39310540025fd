"""A story of several copies as one: the copy that decides, what the others inherit, and what each says."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from linker.reading import Reading
from storage.dates import DaySpan
from storage.records import Clue, Evidence, Fact, Link

_NEARLY_WHOLE = 0.9
"""Copies at least so long, against the longest, are whole; of these the first one decides."""
FACTS = (
    *("operator", "judgement", "area_judgement", "earlier_judgement", "visit", "published"),
    *("registration", "capacity", "residents", "urn"),
)
"""Clues in which copies may differ: who runs it, grades, days and numbers."""


@dataclass(frozen=True, kw_only=True)
class Copy:
    """One article of a story: its id, version, address and what it reads."""

    article_id: str
    version: int
    url: str
    reading: Reading


def deciding(copies: Sequence[Copy]) -> Copy:
    """The copy whose words decide, with the date that the story's copies know best.

    Of those that are nearly whole it is the earliest; a copy without a day of its own takes the day from the
    copy that has one, and none can be younger than the first that was fetched.
    """
    most = max(len(one.reading.text) for one in copies)
    whole = [one for one in copies if len(one.reading.text) >= _NEARLY_WHOLE * most]
    lead = min(whole, key=_order)
    dated = min(copies, key=_order)
    own = lead.reading.published
    best = own if own and _width(own) == 0 else dated.reading.published
    reading = Reading(
        title=lead.reading.title,
        text=lead.reading.text,
        published=best,
        latest=min(one.reading.latest for one in copies),
        outlet=lead.reading.outlet,
        key=lead.reading.key,
    )
    return replace(lead, reading=reading)


def inherited(links: Sequence[Link], lead: Copy, copy: Copy) -> list[Link]:
    """The deciding copy's links for another copy, each showing where it was decided."""
    return [
        replace(
            link,
            article_id=copy.article_id,
            version=copy.version,
            evidence=(_from(lead), *(_in(copy, one) for one in link.evidence)),
            origin=lead.article_id,
        )
        for link in links
    ]


def facts_of(clues: Sequence[Clue]) -> list[Fact]:
    """What a copy says of who, which grade, when and how many; each value once."""
    return list({(one.fact, one.value): one for one in _facts(clues)}.values())


def _facts(clues: Sequence[Clue]) -> Iterator[Fact]:
    for clue in sorted(clues, key=lambda one: (one.kind, one.field, one.start), reverse=True):
        if clue.kind in FACTS:
            yield Fact(
                fact=clue.kind,
                value=str(clue.value),
                field=clue.field,
                start=clue.start,
                end=clue.end,
                text=clue.text,
            )


def _order(copy: Copy) -> tuple[int, int, str]:
    """The surest date first, then the earliest."""
    span = copy.reading.published
    return (_width(span) if span else 10_000, span.first.toordinal() if span else 0, copy.article_id)


def _width(span: DaySpan) -> int:
    return (span.last - span.first).days


def _from(lead: Copy) -> Evidence:
    told = f"decided on the copy of this story in {lead.reading.outlet or lead.url}"
    return Evidence(
        clue="story", field="text", text="", start=None, end=None, value=lead.url, told=told, weight=0.0
    )


def _in(copy: Copy, evidence: Evidence) -> Evidence:
    """The same words in the copy, nearest to where the deciding one has them, or without characters."""
    if not evidence.text:
        return evidence
    for field in dict.fromkeys((evidence.field, "text", "title")):
        source = copy.reading.title if field == "title" else copy.reading.text
        if (start := _nearest(source, evidence.text, evidence.start or 0)) is not None:
            return replace(evidence, field=field, start=start, end=start + len(evidence.text))
    return replace(evidence, start=None, end=None, told=f"{evidence.told} (in the deciding copy)")


def _nearest(source: str, text: str, wanted: int) -> int | None:
    found, start = [], source.find(text)
    while start >= 0:
        found.append(start)
        start = source.find(text, start + 1)
    return min(found, key=lambda place: abs(place - wanted), default=None)
