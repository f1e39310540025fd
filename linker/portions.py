"""The work of linking without its store: stories go in by portions, and their links come out.

Nothing here reads or writes the archive, so that portions can be done by any process of any machine that has
the linker (``onrecord.spreading``), in any order, and again.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from linker.copies import Copy, deciding, facts_of, inherited
from linker.grounds import grounds_of
from linker.linking import Linker
from linker.outcome import links_of
from storage.records import Fact, Link
from storage.vocabulary import Answer

Story = Sequence[Copy]
"""The copies of one story; an article without copies is a story by itself."""
Portion = Sequence[Story]


@dataclass(frozen=True, kw_only=True)
class Told:
    """What an article is linked to, on its own words or on a copy's, and what it says itself."""

    article_id: str
    version: int
    answers: Sequence[Answer]
    links: Sequence[Link]
    facts: Sequence[Fact]
    grounds: Mapping[str, Any]


Way = Callable[[Linker, Iterable[Portion]], Iterator[list[list[Told]]]]
"""How portions are done: for each of them, in any order, its stories with what each copy came to."""


def here(linker: Linker, portions: Iterable[Portion]) -> Iterator[list[list[Told]]]:
    """One after another, in this process."""
    for portion in portions:
        yield link_portion(linker, portion)


def link_portion(linker: Linker, portion: Portion) -> list[list[Told]]:
    """Each story of it, with each of its copies."""
    return [list(_link_story(linker, story)) for story in portion]


def _link_story(linker: Linker, story: Story) -> Iterator[Told]:
    """Each copy of a story with what the deciding one links to."""
    lead = deciding(story)
    linked = linker.link(lead.reading)
    made = links_of(linker.register, lead.article_id, lead.version, linked)
    grounds = grounds_of(linker, lead.reading, linked)
    for copy in story:
        own = copy.article_id == lead.article_id
        yield Told(
            article_id=copy.article_id,
            version=copy.version,
            answers=[one.decision.answer for one in linked],
            links=made if own else inherited(made, lead, copy),
            facts=facts_of(linker.clues(copy.reading)) if len(story) > 1 else [],
            grounds=grounds,
        )
