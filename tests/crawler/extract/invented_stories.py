"""Invented stories: sentences that read like a local paper's, with headings, quotations, lists and tables."""

import random
from dataclasses import dataclass

_PEOPLE = (
    "Ada Quill", "Bram Oakshott", "Carys Penhale", "Dev Lanyard", "Edie Marlpit", "Fenn Harrowby",
    "Greta Tollgate", "Hugh Saltersgate", "Ines Coppice", "Joel Withycombe", "Kit Barrowby", "Lena Stookes",
)  # fmt: skip
_PLACES = (
    "Netherfold", "Saltmarsh Bay", "Upper Dunley", "Wharfmouth", "Cold Aston Green", "Brackenhythe", "Millrace",
    "Otterbourne Vale", "Pikestone", "Quarry Bank", "Rushey Ford", "Thornby",
)  # fmt: skip
_ADJECTIVES = (
    "old", "quiet", "narrow", "costly", "empty", "public", "busy", "wooden", "local", "early",
    "private", "muddy", "famous", "modest", "northern", "crowded", "draughty", "cheerful", "damp",
    "brick", "seasonal", "broken", "hidden", "yearly", "tall", "rented", "borrowed", "distant",
    "careful", "sudden", "rural", "patient", "heavy", "spare", "iron", "formal", "painted", "steep",
    "lively", "open",
)  # fmt: skip
_NOUNS = (
    "bridge", "library", "council", "tenant", "pool", "report", "meeting", "harbour", "roof",
    "petition", "budget", "school", "inspector", "driver", "market", "footpath", "lorry", "nurse",
    "committee", "garden", "engine", "orchard", "auction", "survey", "landlord", "chapel", "tower",
    "lease", "kitchen", "ferry", "ledger", "warden", "quarry", "meadow", "clinic", "parade", "archive",
    "cellar", "stall", "bakery", "depot", "signal", "canal", "wharf",
)  # fmt: skip
_VERBS = (
    "closed", "bought", "praised", "repaired", "questioned", "measured", "welcomed", "refused",
    "painted", "followed", "counted", "surveyed", "blamed", "visited", "rented", "promised", "moved",
    "watched", "cleared", "photographed", "drained", "listed", "inherited", "described", "filled",
    "guarded", "examined", "postponed", "defended", "rebuilt",
)  # fmt: skip
_WHEN = (
    "in May", "last week", "before the winter", "on Thursday evening", "at the end of March", "two years ago",
    "after the floods", "during the summer", "this morning", "since the election", "by candlelight", "over Easter",
    "for the third time", "without warning", "at short notice", "in front of a full hall",
)  # fmt: skip
_LINKS = ("because", "although", "while", "after", "and", "but", "so", "since", "before", "until")
_OF = ("of", "beside", "near", "behind", "from", "for", "with", "against", "under")
_HEADINGS = (
    "What happens next", "How it began", "'We were never asked'", "The cost so far", "A long history", "What the council says",
    "Who will pay", "Where to go instead",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Block:
    """A piece of a story: ``kind`` is p, h2, quote, ul or table; a list and a table have several ``lines``."""

    kind: str
    lines: tuple[str, ...]

    @property
    def text(self) -> str:
        """As a reader would copy it."""
        return "\n".join(self.lines)


@dataclass(frozen=True, kw_only=True)
class Story:
    """What a page is made of; ``published`` is an ISO moment."""

    title: str
    byline: str
    published: str
    section: str
    blocks: tuple[Block, ...]
    captions: tuple[str, ...]

    @property
    def text(self) -> str:
        """The truth: what an extractor should give, and nothing else."""
        return "\n".join(block.text for block in self.blocks)


def sentence(rng: random.Random) -> str:
    """One sentence, of 8 to 40 words; hardly two share four words in a row."""
    who, age = rng.choice(_PEOPLE), rng.randint(19, 88)
    forms = (
        f"{_clause(rng)}, {rng.choice(_LINKS)} {_clause(rng)}.",
        f"{_clause(rng)} {rng.choice(_WHEN)}.",
        f"{who}, {age}, said that {_clause(rng)}.",
        f"“{_clause(rng).capitalize()}, {rng.choice(_LINKS)} {_clause(rng)},” said {who} of {rng.choice(_PLACES)}.",
        f"in {rng.choice(_PLACES)}, where {_clause(rng)}, {_thing(rng)} has cost £{rng.randint(12, 990)},000.",
        f"{who} told {_thing(rng)}: “We {rng.choice(_VERBS)} {_thing(rng)} {rng.choice(_WHEN)}, and {_clause(rng)}.”",
    )
    words = rng.choice(forms)
    return words[0].upper() + words[1:]


def _clause(rng: random.Random) -> str:
    more = f" {rng.choice(_OF)} {_thing(rng)}" if rng.randrange(2) else ""
    return f"{_thing(rng)} {rng.choice(_VERBS)} {_thing(rng)}{more}"


def _thing(rng: random.Random) -> str:
    return (
        f"{rng.choice(('the', 'a', 'its', 'their', 'that'))} {rng.choice(_ADJECTIVES)} {rng.choice(_NOUNS)}"
    )


def paragraph(rng: random.Random, most: int = 3) -> str:
    """One to ``most`` sentences, none twice."""
    return " ".join(dict.fromkeys(sentence(rng) for _ in range(rng.randint(1, most))))


def headline(rng: random.Random) -> str:
    """Words that could stand over a story, ours or another one."""
    return f"{_thing(rng).split(' ', 1)[1].capitalize()} {rng.choice(_VERBS)} {_thing(rng)} in {rng.choice(_PLACES)}"


def a_story(rng: random.Random, *, length: int, extras: bool = True) -> Story:
    """A story of about ``length`` paragraphs; ``extras``: headings, quotations, a list or a table among them."""
    blocks = [Block(kind="p", lines=(paragraph(rng),)) for _ in range(length)]
    if extras and length > 5:
        for at in sorted(rng.sample(range(2, length), min(3, length // 4)), reverse=True):
            blocks.insert(at, _extra(rng))
    return Story(
        title=headline(rng),
        byline=rng.choice(_PEOPLE),
        published=f"202{rng.randint(0, 4)}-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}T{rng.randint(6, 20):02}:15:00Z",
        section=rng.choice(("News", "Education", "Politics", "Health")),
        blocks=tuple(blocks),
        captions=tuple(_caption(rng) for _ in range(3)),
    )


def _extra(rng: random.Random) -> Block:
    kind = rng.choice(("h2", "h2", "h2", "quote", "ul", "table"))
    if kind == "h2":
        return Block(kind=kind, lines=(rng.choice(_HEADINGS),))
    if kind == "ul":
        return Block(kind=kind, lines=tuple(sentence(rng) for _ in range(rng.randint(3, 5))))
    if kind == "table":
        rows = [f"{place} {rng.randint(10, 99)} {rng.randint(100, 999)}" for place in rng.sample(_PLACES, 4)]
        return Block(kind=kind, lines=("Town Homes Places", *rows))
    return Block(kind=kind, lines=(f"“{_clause(rng).capitalize()}. {_clause(rng).capitalize()}.”",))


def _caption(rng: random.Random) -> str:
    return f"{_thing(rng).capitalize()} in {rng.choice(_PLACES)} {rng.choice(_WHEN)} (Image: {rng.choice(_PEOPLE)})"
