"""How alike two texts are, by runs of four words: the measure of the public benchmarks of article text."""

import re
from collections import Counter
from collections.abc import Sequence

_WORD = re.compile(r"\w+")


def shingles(text: str) -> Counter[tuple[str, ...]]:
    """The runs of four words; of a text of fewer, the one run it is."""
    words = _WORD.findall(text)
    return Counter(tuple(words[at : at + 4]) for at in range(max(1, len(words) - 3))) if words else Counter()


def precision_and_recall(given: str, true: str) -> tuple[float, float]:
    """What share of the given text is true, and what share of the truth was given."""
    have, want = shingles(given), shingles(true)
    same = (have & want).total()
    return (
        same / have.total() if have else float(not want),
        same / want.total() if want else float(not have),
    )


def f1(pairs: Sequence[tuple[str, str]]) -> tuple[float, float, float]:
    """(F1, precision, recall) over many (given, true): the means first, as the benchmarks do."""
    both = [precision_and_recall(given, true) for given, true in pairs]
    precision, recall = (sum(values) / len(both) for values in zip(*both, strict=True))
    return 2 * precision * recall / (precision + recall), precision, recall
