"""Invented homes whose names, streets, postcodes and more stand in everything that the archive takes in."""

import re
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from storage import corrections
from storage.dates import PartialDate
from storage.schema.crawl import captures
from tests.archive.world import NOW, World, a_clue

_SYLLABLES = ("bra", "wen", "tor", "mel", "fin", "gos", "hal", "kir", "lud", "nor")
_AREAS = ("Bolton", "Bury", "Rochdale", "Oldham", "Salford", "Tameside", "Trafford", "Wigan")


@dataclass(frozen=True)
class Canary:
    """One home that must not be told; ``words`` are what would tell it, in their plain spelling."""

    number: int
    name: str
    street: str
    postcode: str
    phone: str
    latitude: str
    longitude: str
    three_words: str
    uprn: str
    child: str

    @property
    def words(self) -> tuple[str, ...]:
        return tuple(value for value in vars(self).values() if isinstance(value, str))


def canary(number: int) -> Canary:
    """The canary of that number; each word is its own alone."""
    a, b, c = number % 10, number // 10 % 10, number // 100 % 10
    stem = f"{_SYLLABLES[a]}{_SYLLABLES[b]}{_SYLLABLES[c]}"
    return Canary(
        number=number,
        name=f"{stem.title()} Gables",
        street=f"{number + 11} {stem.title()}thwaite Rise",
        postcode=f"Z{chr(65 + a)}{number % 90 + 10} {c + 1}{chr(65 + b)}Q",
        phone=f"0161 496 {number:04}",
        latitude=f"53.{number:03}917",
        longitude=f"-2.{number:03}46083",
        three_words=f"{stem}.lantern.{stem[::-1]}",
        uprn=f"1000{number:03}82736",
        child=f"Q{stem}ie",
    )


def spelled(words: str) -> tuple[str, ...]:
    """Every way in which a page might print the words."""
    tight = re.sub(r"\s", "", words)
    return (
        words,
        words.upper(),
        words.lower(),
        words.replace(" ", "\u00a0"),
        words.replace(" ", "\n"),
        tight,
        words.lower().replace(" ", "-"),
        words.replace(" ", "%20"),
    )


def plain(text: str) -> str:
    """Text without case, spaces and signs, so that every spelling of a canary is the same."""
    return re.sub(r"%20|[^a-z0-9]", "", text.lower())


def told(text: str, held: list[Canary]) -> list[str]:
    """The words of canaries that a text tells."""
    bare = plain(text)
    return [word for one in held for word in one.words if plain(word) in bare]


def plant(world: World, count: int, *, alone: bool = False) -> tuple[list[Canary], dict[str, list[str]]]:
    """Put homes with canaries into registers, reports and articles; the ids made, by kind.

    ``alone``: each home is its provider's only one in the authority.
    """
    held = [canary(number) for number in range(count)]
    ids: dict[str, list[str]] = {"setting": [], "provider": [], "inspection": [], "article": []}
    for one in held:
        group = one.number if alone else one.number // 8 * 8
        area = _AREAS[group % 8] if alone else _AREAS[group // 8 % 8]
        provider = world.provider(f"Larkspur {group} Limited") if group == one.number else ids["provider"][-1]
        ids["provider"] += [provider] if group == one.number else []
        setting = world.setting(
            f"SC98{one.number:04}",
            provider=provider,
            name=one.name,
            local_authority=area,
            constituency=one.street,
        )
        printed = "\n".join(form for word in one.words for form in spelled(word))
        inspection = world.inspection(setting, event_number=one.uprn, provider_name=one.name)
        world.report(
            setting, inspection, text=printed, urn=one.uprn, file_name=f"{one.name}.pdf", url=one.street
        )
        ids["setting"].append(setting)
        ids["inspection"].append(inspection)
        ids["article"].append(_article(world, one, printed, (inspection, setting, provider)))
    _capture_addresses(world, held)
    return held, ids


def _article(world: World, one: Canary, printed: str, record: tuple[str, str, str]) -> str:
    inspection, setting, provider = record
    slug = f"{one.name}-{one.street}-{one.postcode}".lower().replace(" ", "-")
    article = world.article(
        printed,
        url=f"https://www.bolton-beacon.example/news/{slug}",
        title=f"{one.name}, {one.street} {one.postcode}",
        byline=one.child,
        outlet="Bolton Beacon",
        external_id=f"{one.name}.html",
        captions=(f"{one.child} at {one.name}",),
        agency=one.street,
        published=PartialDate.parse("2024-04-19"),
    )
    clue: dict[str, Any] = a_clue("place", one.name, printed, f"{one.street} lies near {one.postcode}", 2.0)
    world.link(
        article,
        evidence=(clue,),
        inspection_id=inspection,
        setting_id=setting,
        provider_id=provider,
        confirmed=True,
        decided_by=one.child,
    )
    with world.store.writing() as connection:
        corrections.report(
            connection, article, 0, said=f"It names {one.name}, {one.postcode}", contact=one.phone, at=NOW
        )
    return article


def _capture_addresses(world: World, held: list[Canary]) -> None:
    with world.store.writing() as connection:
        for one in held:
            address = f"https://www.bolton-beacon.example/{one.postcode}/{one.number}"
            found = connection.execute(sa.select(captures.c.id).offset(one.number).limit(1)).scalar()
            connection.execute(sa.update(captures).where(captures.c.id == found).values(url=address))
