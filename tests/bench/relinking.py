"""A hundredth of the register changes: what linking again costs against a full run, and whether it agrees.

Template articles over a fictional register, all in a store. A change gives a home other places or an
inspection another grade or day, as a later register does. Reading the register is told by itself: it is the
same for both runs, however many articles the archive holds.
"""

import datetime as dt
import random
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from linker import run as run_linker
from linker.register import Records, Register
from storage import articles, changes
from storage.batches import batches
from storage.dates import PartialDate
from storage.names import organisation_key
from storage.records import Article
from storage.schema.inspections import inspections
from storage.schema.registers import provider_names, providers, settings
from storage.store import Store
from tests.bench.press import invented_records, stories
from tests.linker.stored_world import decisions

_AT = dt.datetime(2026, 1, 5, 9, tzinfo=dt.UTC)
_SHARE = 0.01
_SEEDS = 3


def run(homes: int = 7_300, asked: int = 3_000) -> str:
    """The table: a row a change of another hundredth; the last column counts decisions that differ."""
    with (
        tempfile.TemporaryDirectory() as folder,
        Store.at(Path(folder) / "world.db", write=True) as store,
    ):
        register = made_world(store, homes, asked)
        full, _ = _linked(store, everything=True)
        read = _read(store)
        lines = [
            f"A hundredth of {len(register.settings):,} homes and {len(register.inspections):,} inspections"
            f" changed, {asked:,} articles; a full run {full:.1f} CPU s, {read:.1f} of them reading the register",
            f"{'':10}{'articles':>9}{'of all':>8}{'CPU s':>8}{'reading':>9}{'the rest':>10}{'differ':>8}",
        ]
        for seed in range(_SEEDS):
            _change(store, register, random.Random(seed))
            few, again = _linked(store)
            read = _read(store)
            quick = decisions(store)
            whole, _ = _linked(store, everything=True)
            differing = sum(quick[url] != told for url, told in decisions(store).items())
            rest = max(few - read, 0.0) / (whole - read)
            lines.append(
                f"change {seed + 1:<3}{again:9,}{again / asked:8.1%}{few:8.2f}{read:9.2f}{rest:10.1%}{differing:8}"
            )
        return "\n".join(lines)


def _linked(store: Store, *, everything: bool = False) -> tuple[float, int]:
    begin = time.process_time()
    count = sum(1 for _ in run_linker.link_articles(store, at=_moment(), everything=everything))
    return time.process_time() - begin, count


def _read(store: Store) -> float:
    begin = time.process_time()
    with store.reading() as connection:
        run_linker.read_register(store, connection)
    return time.process_time() - begin


def _moment() -> dt.datetime:
    """A later one each time: links are told apart by when they were made."""
    return _AT + dt.timedelta(seconds=time.monotonic())


def made_world(store: Store, homes: int | None, asked: int, *, words: int = 150) -> Register:
    """Keep so many template articles in a store, over a fictional register or, for None, the one it has.

    ``words``: of each article's own; with few of them thousands of articles are near-copies of one another.
    """
    rng = random.Random(11)
    if homes is not None:
        _keep(store, invented_records(rng, homes))
    with store.reading() as connection:
        register = run_linker.read_register(store, connection)
    told = [reading for reading, _ in stories(rng, register, asked)]
    for some in batches(enumerate(told), 200):
        with store.writing() as connection:
            for number, one in some:
                article = Article(
                    url=f"https://lantern.example/{number}",
                    outlet="lantern.example",
                    title=one.title,
                    text=f"{one.text}\n\n{_own_words(rng, words)}",
                    published=PartialDate.parse(one.published.last.isoformat()) if one.published else None,
                )
                articles.save(connection, article, at=_AT)
    return register


def _own_words(rng: random.Random, count: int) -> str:
    """What no other story has: templates are near-copies of one another, and would all be one story."""
    words = ["".join(rng.choices("abdefgiklmnoprstu", k=rng.randrange(3, 9))) for _ in range(count)]
    return " ".join(words).capitalize() + "."


def _keep(store: Store, records: Records) -> None:
    owners = [
        {"id": one.id, "name": one.name, "name_key": organisation_key(one.name)} for one in records.providers
    ]
    names = [{"provider_id": one["id"], "origin": "register", **one} for one in owners]
    for name in names:
        del name["id"]
    rows: dict[sa.Table, list[dict[str, Any]]] = {
        providers: owners,
        provider_names: names,
        settings: list(_settings(records)),
        inspections: list(_inspections(records)),
    }
    with store.writing() as connection:
        for table, held in rows.items():
            for some in batches(held):
                connection.execute(sa.insert(table), some)
        changes.note(connection, "setting", [one.id for one in records.settings], _AT)


def _settings(records: Records) -> Iterator[dict[str, Any]]:
    for one in records.settings:
        yield {
            **{
                name: getattr(one, name)
                for name in ("id", "urn", "regulator", "kind", "sector", "registered")
            },
            "local_authority": one.authorities[-1],
            "places": one.places[-1],
            "provider_id": one.provider,
            "name_withheld": True,
        }


def _inspections(records: Records) -> Iterator[dict[str, Any]]:
    for one in records.inspections:
        yield {
            "id": one.id,
            "setting_id": records.settings[one.setting].id,
            "kind": one.kind,
            "first_day": one.first,
            "last_day": one.last,
            "published": one.published,
            **dict(zip(("overall", "protection", "leadership"), one.grades, strict=True)),
            "provider_id": one.provider,
        }


def _change(store: Store, register: Register, dice: random.Random) -> None:
    """Half of what changes are homes' places, the rest grades and days of inspections."""
    homes = dice.sample([one.id for one in register.settings], round(_SHARE * len(register.settings)))
    visits = dice.sample(register.inspections, round(_SHARE * len(register.inspections)))
    with store.writing() as connection:
        mine = settings.c.id.in_(homes)
        connection.execute(sa.update(settings).where(mine).values(places=dice.randrange(2, 9)))
        for number, one in enumerate(visits):
            row = sa.update(inspections).where(inspections.c.id == one.id)
            if number % 2 and one.first:
                connection.execute(row.values(first_day=one.first + dt.timedelta(days=dice.randrange(1, 9))))
            else:
                connection.execute(row.values(overall="Inadequate"))
        changes.note(connection, "setting", homes, _AT)
        changes.note(connection, "inspection", [one.id for one in visits], _AT)
