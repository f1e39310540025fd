"""Invented stories and what becomes of them on the way from paper to paper: edited, cut, followed up."""

import random

_SYLLABLES = (
    "bra",
    "cle",
    "dor",
    "fen",
    "gil",
    "hax",
    "ild",
    "mor",
    "nev",
    "pol",
    "rus",
    "sto",
    "tav",
    "wex",
)
_DICE = random.Random(11)
_WORDS = ["".join(_DICE.choice(_SYLLABLES) for _ in range(_DICE.randint(1, 3))) for _ in range(3000)]
_COMMON = [1 / (rank + 4) for rank in range(len(_WORDS))]


def a_sentence(dice: random.Random) -> str:
    """Ten to twenty-odd words, some of them names."""
    words = dice.choices(_WORDS, _COMMON, k=dice.randint(10, 24))
    if dice.random() < 0.6:
        words[dice.randrange(1, len(words))] = dice.choice(_WORDS).title()
    return " ".join([words[0].title(), *words[1:]]) + "."


def a_story(dice: random.Random, paragraphs: int = 9) -> list[str]:
    """A story of its own, by paragraphs."""
    return [" ".join(a_sentence(dice) for _ in range(2)) for _ in range(paragraphs)]


def edited(story: list[str], dice: random.Random, share: float = 0.05) -> list[str]:
    """The story with that share of its words changed, dropped or joined by another."""

    def change(word: str) -> str:
        other = dice.choice(_WORDS)
        return dice.choice((other, other, "", f"{word} {other}"))

    return [
        " ".join(filter(None, (change(w) if dice.random() < share else w for w in paragraph.split())))
        for paragraph in story
    ]


def as_text(paragraphs: list[str]) -> str:
    """The paragraphs as a page prints them."""
    return "\n\n".join(paragraphs)
