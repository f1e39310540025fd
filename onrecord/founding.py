"""A newsroom's first settings: its patch, the sources that cover it, and the file that says so."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rapidfuzz import process

from archive.tiles import authorities
from storage.errors import UsageMistake
from storage.places import plain_key
from storage.records import Source


@dataclass(frozen=True, kw_only=True)
class Founding:
    """What a newsroom begins with; whatever is empty stays as it comes.

    ``patch``: authorities. ``sources``: names of those to crawl; by default those that cover the patch.
    ``user``: who becomes operator. ``contact``: the address that the crawler names.
    """

    patch: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    user: str | None = None
    contact: str | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing was said."""
        return self == Founding()


def as_authorities(names: Iterable[str]) -> tuple[str, ...]:
    """The authorities of these names, as registers spell them; UsageMistake for one that is none here."""
    known = {plain_key(name): name for name in authorities()}
    found = []
    for name in filter(None, (one.strip() for one in names)):
        if plain_key(name) not in known:
            near = [one for one, _, _ in process.extract(name, list(authorities()), limit=3)]
            raise UsageMistake(f"{name!r} is no upper-tier authority in England; perhaps {', '.join(near)}")
        found.append(known[plain_key(name)])
    return tuple(dict.fromkeys(found))


def covering(patch: Iterable[str], declared: Iterable[Source]) -> tuple[str, ...]:
    """The names of the sources that cover any of these authorities, or the whole country."""
    wanted = {plain_key(name) for name in patch}
    return tuple(
        one.name
        for one in declared
        if not one.area or not wanted.isdisjoint(map(plain_key, one.area.split(",")))
    )


def write(file: Path, settings: Mapping[str, Any]) -> bool:
    """Write a settings file with what is set; False where there is one, which stays as it is."""
    lines = [
        f"{name} = {json.dumps(value, ensure_ascii=False)}\n" for name, value in settings.items() if value
    ]
    try:
        with file.open("x", encoding="utf-8") as out:
            out.writelines(lines)
    except FileExistsError:
        return False
    return True
