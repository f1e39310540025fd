"""What the reports of a crowd of homes say of whom they are for and what they demand; drawn, not read."""

import random

from linker.clues.needs import Ages
from linker.clues.posts import Post
from linker.findings import Finding

_NEEDS = (
    *(frozenset({"social", "emotional"}),) * 4,
    *(frozenset({"emotional", "behavioural"}),) * 4,
    *(frozenset({"learning", "disability"}),) * 2,
    frozenset({"mental health"}),
    frozenset({"learning", "physical", "disability", "short breaks"}),
)
_REGULATIONS = (5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 16, 20, 23, 25, 31, 32, 33, 34, 35, 36, 40)
_DEMANDED = {"Inadequate": (3, 12), "Requires improvement to be good": (1, 8), "Good": (0, 3)}


def findings(home: str, day: str, grade: str | None) -> Finding:
    """A home stays what it is for; more and graver demands for a worse grade."""
    kept, dice = random.Random(home), random.Random(home + day)
    demanded = dice.randint(*_DEMANDED.get(str(grade), (0, 0)))
    return Finding(
        needs=kept.choice(_NEEDS),
        ages=kept.choice((None, None, Ages(8, 17), Ages(10, 17), Ages(11, 18), Ages(7, 16))),
        sexes=kept.choice((frozenset(), frozenset({"boys"}), frozenset({"girls"}))),
        post=Post(state=dice.choice(("vacant", "new", "held", "held"))),
        requirements=demanded,
        notices=min(demanded, dice.randint(0, 4)) if grade == "Inadequate" else 0,
        recommendations=dice.randint(1, 6),
        restriction=grade == "Inadequate" and dice.random() < 0.1,
        regulations=frozenset(dice.sample(_REGULATIONS, min(demanded, 12))),
    )
