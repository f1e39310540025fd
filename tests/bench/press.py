"""A fictional register of any size, and template articles over any register, with what they are about.

Only for calibration and speed: the templates are plain, but what they tell is incomplete, shortened and at
times wrong, as in the press. Everything is drawn from the ``Random`` that is passed in.
"""

import datetime as dt
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from linker.labels import Label, Target, owner_key
from linker.reading import Reading
from linker.register import Inspection, Provider, Records, Register, Setting
from storage.dates import DaySpan
from tests.linker.factories import AUTHORITIES
from tests.linker.invented_names import invented_register
from tests.linker.invented_reports import InventedReport, quotations
from tests.linker.preceded import with_previous

_GRADES = ("Outstanding", *("Good",) * 10, *("Requires improvement to be good",) * 3, "Inadequate")
_NEWS = {"Inadequate": 40, "Requires improvement to be good": 4, "Outstanding": 4, "Good": 1}
"""How much likelier the press writes of a grade."""
_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_COUNTIES = tuple(
    f"{first}{last}shire"
    for first in (
        "Vorden",
        "Quennel",
        "Ashmar",
        "Tilbrough",
        "Orrin",
        "Pendrel",
        "Wexcombe",
        "Hathern",
        "Colmer",
    )
    for last in ("", "ham", "wick", "ton", "ley", "mere", "ford", "by", "den", "stow", "sea", "bury", "worth")
)
"""Invented authorities beside the real ones: about as many in all as there are."""


def invented_records(rng: random.Random, size: int, *, visits: int = 6) -> Records:
    """``size`` homes with ``visits`` inspections each, in the proportions of a true register."""
    names = invented_register(rng, max(size * 2 // 5, 10))
    providers = [Provider(id=one, name=name, names=(name,)) for one, name in names]
    settings = [_setting(rng, number, providers) for number in range(size)]
    inspections = [one for number in range(size) for one in _visits(rng, number, settings[number], visits)]
    return Records(settings=settings, providers=providers, inspections=with_previous(inspections))


def stories(
    rng: random.Random, register: Register, count: int, reports: Mapping[str, InventedReport] | None = None
) -> Iterator[tuple[Reading, Label]]:
    """Articles about inspections of the register, and one in ten about a home that is in none.

    ``reports`` by inspection: where an inspection has one, half of the stories quote it twice.
    """
    graded = [one for one in register.inspections if one.grades[0] and one.first and one.first.year >= 2014]
    if reports:  # as many stories of what has a report as there are of what has none
        graded = [one for one in graded if one.id in reports or rng.random() < len(reports) / len(graded)]
    weights = [_NEWS.get(str(one.grades[0]), 1) for one in graded]
    for number, one in enumerate(rng.choices(graded, weights, k=count)):
        hidden = rng.random() < 0.1
        report = None if hidden else (reports or {}).get(one.id)
        quoted = quotations(rng, [report], 2) if report and rng.random() < 0.5 else []
        story = _story(rng, register, one, f"story-{number}", hidden=hidden)
        lines = "".join(f"\n\n\u201c{passage.text}\u201d, the report says." for passage in quoted)
        yield replace(story[0], text=story[0].text + lines), story[1]


def _setting(rng: random.Random, number: int, providers: Sequence[Provider]) -> Setting:
    owner = providers[int(len(providers) * rng.random() ** 3)]  # the largest owns a few in a hundred
    return Setting(
        id=f"setting-{number}",
        urn=f"8{number:06}",
        regulator="ofsted",
        kind="children's home",
        name=None,
        authorities=(rng.choice((*AUTHORITIES, *_COUNTIES)),),
        region=None,
        constituency=None,
        places=(rng.choice((2, 3, 3, 4, 4, 4, 5, 6, 8)),),
        sector="Private",
        provider=owner.id,
        registered=dt.date(2012, 1, 1) + dt.timedelta(days=rng.randrange(3_000)),
    )


def _visits(rng: random.Random, number: int, setting: Setting, visits: int) -> Iterator[Inspection]:
    day = (setting.registered or dt.date(2014, 1, 1)) + dt.timedelta(days=rng.randrange(60, 300))
    for _ in range(visits):
        grade, full = rng.choice(_GRADES), rng.random() < 0.8
        yield Inspection(
            id=f"{setting.urn} {day}",
            setting=number,
            kind="full" if full else "interim",
            first=day,
            last=day + dt.timedelta(days=1),
            published=day + dt.timedelta(days=rng.randrange(25, 60)),
            grades=(grade, grade, grade) if full else (None, None, None),
            capacity=None,
            provider=setting.provider,
        )
        day += dt.timedelta(days=rng.randrange(240, 420))


def _story(
    rng: random.Random, register: Register, one: Inspection, name: str, *, hidden: bool
) -> tuple[Reading, Label]:
    """One article; a ``hidden`` home is told of under an operator that no register has."""
    setting = register.settings[one.setting]
    owner = register.providers.get(one.provider or setting.provider or "")
    operator = f"{rng.choice(_HIDDEN)} Children's Homes Ltd" if hidden else _called(rng, owner)
    published = (one.published or one.first or dt.date(2020, 1, 1)) + dt.timedelta(days=rng.randrange(1, 25))
    text = "\n\n".join(_sentences(rng, one, setting, operator))
    reading = Reading(
        title=f"Children's home rated {str(one.grades[0]).lower()} by Ofsted",
        text=text,
        published=DaySpan(published, published),
        latest=published,
        outlet="The Vorden Lantern",
    )
    names = (owner.name,) if owner else ()
    label = Label(
        id=name,
        level="none" if hidden else "inspection",
        links=() if hidden else (Target(urn=setting.urn, day=one.first),),
        owners=frozenset() if hidden else frozenset(map(owner_key, names)),
        names=() if hidden else names,
        answer="not_in_register" if hidden else None,
    )
    return reading, label


_HIDDEN = ("Zennovar", "Quillhaven", "Pryxton", "Umberlode", "Yaxwell", "Ivendale")


def _called(rng: random.Random, owner: Provider | None) -> str | None:
    """The operator as printed: in full, without its legal form, or not at all."""
    if owner is None or rng.random() < 0.35:
        return None
    words = owner.name.split()
    return owner.name if rng.random() < 0.5 else " ".join(words[:-1] if len(words) > 2 else words)


def _sentences(rng: random.Random, one: Inspection, setting: Setting, operator: str | None) -> Iterator[str]:
    where = f" in {setting.authorities[-1]}" if setting.authorities and rng.random() < 0.85 else ""
    yield f"A children's home{where} has been rated {str(one.grades[0]).lower()} by inspectors."
    if operator:
        yield f"The home, which is run by {operator}, cannot be named for legal reasons."
    if rng.random() < 0.7 and one.first:
        told = one.first if rng.random() < 0.95 else one.first - dt.timedelta(days=45)
        yield f"Ofsted visited the home in {told:%B %Y} and spoke to staff, children and social workers."
    if rng.random() < 0.6 and setting.places:
        places = setting.places[-1] + (rng.choice((-1, 1)) if rng.random() < 0.1 else 0)
        yield f"It is registered to care for up to {_number(places)} children."
    yield from rng.sample(_FILLING, 4)


def _number(count: int) -> str:
    return _NUMBERS[count] if 0 <= count < len(_NUMBERS) else str(count)


_FILLING = (
    "Children told inspectors that they liked the food and the garden, and that staff listened to them.",
    "The report says that records were not always kept up, and that training had fallen behind.",
    "A spokesman said that lessons had been learnt and that an action plan was in place.",
    "The manager has been in post since the spring and is working towards the qualification.",
    "Social workers spoke warmly of the care that children were given, the inspectors found.",
    "Relatives said that they were kept informed, and that visits were made easy.",
    "Inspectors wrote that medicine was stored safely and that rooms were clean and homely.",
    "The regulator said that it would return to see whether the changes had been made.",
)
