"""A fictional register of organisations of any size, and how others misspell its names.

Everything is drawn from the ``Random`` that is passed in: the same seed gives the same names.
"""

import random
import re
from itertools import pairwise

from storage.names import organisation_key

_ONSETS = "b bl br c ch cl cr d dr f fl g gl gr h j k l m n p pl pr qu r s sh sl st t th tr v w wh y z"
_VOWELS = "a e i o u ai ea ee oa oo ou ar er or"
_CODAS = "l ll m n nd ng nt r rn rt s sk st t th ck x"
_ENDINGS = (
    "bridge brook by combe dale den field ford gate ham ley mere mont ridge shaw stead ton vale wick "
    "wood worth"
)
_TRADES = (
    ("Care",) * 30 + ("Services",) * 14 + ("Homes",) * 8 + ("Support",) * 8 + ("Fostering",) * 6
    + ("Residential",) * 5 + ("Group",) * 5 + ("Living",) * 4 + ("Housing",) * 3 + ("Childcare",) * 3
    + ("Solutions",) * 3 + ("Education",) * 2 + ("Healthcare",) * 2 + ("Futures",) * 2 + ("Horizons",)
    + ("Children's Services",) * 4 + ("Children's Homes",) * 6 + ("Care Services",) * 5 + ("Social Care",) * 3
    + ("Therapeutic Care",) + ("Young People's Services",) + ("Family Support",) + ("Supported Living",) * 2
)  # fmt: skip
_FORMS = ("Limited",) * 5 + ("Ltd",) * 5 + ("LTD", "Ltd.", "LLP", "CIC", "", "")
_SIDES = ("North", "South", "East", "West", "UK", "Midlands", "Group", "North West")
_SHORTENED = {
    "children's": ("childrens", "child", "kids"),
    "services": ("svcs", "service", "serv"),
    "residential": ("resi", "res"),
    "solutions": ("solns", "solution"),
    "homes": ("home",),
    "support": ("supp", "supported"),
    "education": ("ed", "edu"),
    "group": ("grp",),
    "healthcare": ("health care",),
    "childcare": ("child care",),
    "and": ("&", "+"),
    "&": ("and",),
}


def invented_register(rng: random.Random, size: int) -> list[tuple[str, str]]:
    """``size`` (provider id, name): no two share a key; rarer words repeat as they do in a true register."""
    words = _rare_words(rng, max(200, size // 2))
    weights = [1 / (20 + rank) ** 0.7 for rank in range(len(words))]
    names: dict[str, str] = {}
    while len(names) < size:
        drawn = rng.choices(words, weights, k=2 * size)
        for word, other in pairwise(drawn):
            name = _a_name(rng, word, other)
            names.setdefault(organisation_key(name), name)
    kept = list(names.values())[:size]
    return [(f"provider-{number}", name) for number, name in enumerate(kept)]


def noisy(rng: random.Random, name: str) -> str:
    """The name as somebody else writes it: one to three of the usual changes."""
    changes = rng.choices(list(_CHANGES), list(_CHANGES.values()), k=rng.choice((1, 2, 2, 3)))
    changed = name
    for change in dict.fromkeys(changes):
        changed = change(rng, changed)
    return rng.choice((str, str, str.lower, str.upper))(changed)


def _rare_words(rng: random.Random, count: int) -> list[str]:
    onsets, vowels, codas, endings = (parts.split() for parts in (_ONSETS, _VOWELS, _CODAS, _ENDINGS))
    words: dict[str, None] = {}
    while len(words) < count:
        stem = rng.choice(onsets) + rng.choice(vowels) + rng.choice(codas)
        if rng.random() < 0.75:
            stem += rng.choice(vowels) + rng.choice(codas)
        if rng.random() < 0.5:
            stem += rng.choice(endings)
        if len(stem) > 4:
            words[stem.capitalize()] = None
    return list(words)


def _a_name(rng: random.Random, word: str, other: str) -> str:
    shape = rng.random()
    trade = rng.choice(_TRADES)
    if shape < 0.5:
        body = f"{word} {trade}"
    elif shape < 0.68:
        body = f"{word} {other} {trade}"
    elif shape < 0.8:
        body = f"{word} {trade} {rng.choice(_SIDES)}"
    elif shape < 0.88:
        body = f"{word} {rng.choice(('&', 'and'))} {other} {trade}"
    elif shape < 0.95:
        body = f"{word} House {trade}"
    else:
        body = f"{''.join(rng.choices('ABCDEFGHJKLMNPRSTW', k=rng.choice((2, 3))))} {word} {trade}"
    return f"{body} {rng.choice(_FORMS)}".strip()


def _without_form(rng: random.Random, name: str) -> str:
    return re.sub(r"\s+(?:Limited|Ltd\.?|LTD|LLP|CIC)$", "", name)


def _mistyped(rng: random.Random, name: str) -> str:
    """One slip in one of the longer words: a letter lost, doubled, swapped or replaced."""
    words = name.split()
    long = [number for number, word in enumerate(words) if len(word) > 3] or [0]
    number = rng.choice(long)
    word = words[number]
    at = rng.randrange(1, max(2, len(word) - 1))
    slips = (
        word[:at] + word[at + 1 :],
        word[:at] + word[at] + word[at:] if at < len(word) else word,
        word[:at] + word[at + 1 : at + 2] + word[at : at + 1] + word[at + 2 :],
        word[:at] + rng.choice("aeiorstn") + word[at + 1 :],
    )
    words[number] = rng.choice(slips)
    return " ".join(words)


def _shortened(rng: random.Random, name: str) -> str:
    words = name.split()
    known = [number for number, word in enumerate(words) if word.lower() in _SHORTENED]
    if not known:
        return name
    number = rng.choice(known)
    words[number] = rng.choice(_SHORTENED[words[number].lower()])
    return " ".join(words)


def _partial(rng: random.Random, name: str) -> str:
    """The name's beginning: at least two words of it."""
    words = _without_form(rng, name).split()
    return " ".join(words[: max(2, len(words) - 1)])


def _reordered(rng: random.Random, name: str) -> str:
    words = _without_form(rng, name).split()
    return " ".join(words[1:] + words[:1])


def _with_initials(rng: random.Random, name: str) -> str:
    words = _without_form(rng, name).split()
    return f"{' '.join(words)} ({''.join(word[0] for word in words).upper()})"


def _other_and(rng: random.Random, name: str) -> str:
    return name.replace(" & ", " and ") if " & " in name else name.replace(" and ", " & ")


def _run_together(rng: random.Random, name: str) -> str:
    words = name.split()
    return " ".join([words[0] + words[1].lower(), *words[2:]]) if len(words) > 2 else name


_CHANGES = {
    _without_form: 5.0,
    _mistyped: 7.0,
    _shortened: 3.0,
    _partial: 3.0,
    _reordered: 1.5,
    _with_initials: 1.0,
    _other_and: 1.0,
    _run_together: 1.0,
}
"""How often each change is made, against the others."""
