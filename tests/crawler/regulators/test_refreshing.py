"""Years of refreshing a register: bad files between good ones, a thousand edits, and no link is ever lost."""

import datetime as dt
import io
import json
import random
import zipfile
from collections.abc import Callable

import pytest
import sqlalchemy as sa

from crawler.regulators.files import read_file
from crawler.regulators.ofsted import OFSTED
from storage import registers
from storage.errors import RefusedFile
from storage.ids import digest_of
from storage.records import RegisterRow
from storage.schema.inspections import inspections
from storage.schema.links import links
from storage.schema.registers import settings
from storage.store import Store
from tests.archive.world import World
from tests.crawler.regulators.test_taking import MARCH, MUTANTS, contents, register
from tests.register_files import a_csv, a_home, homes

GOOD = homes(120)
WHOLE = a_csv(GOOD)


def digests(store: Store) -> dict[str, str]:
    """Each table of the archive by the digest of all it holds."""
    return {name: digest_of(repr(rows).encode()) for name, rows in contents(store).items()}


def rewritten(change: Callable[[list[bytes]], list[bytes]]) -> bytes:
    """The file after something happened to its lines."""
    return b"\r\n".join(change(WHOLE.split(b"\r\n")))


def a_workbook_cut_short() -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/workbook.xml", "<workbook/>" * 900)
        book.writestr("xl/worksheets/sheet1.xml", random.Random(5).randbytes(9_000))
    return held.getvalue()[:6_000]


def in_other_cells(heading: str, cell: Callable[[int], str]) -> bytes:
    return a_csv([row | {heading: cell(number)} for number, row in enumerate(GOOD)])


MORE: dict[str, bytes] = {
    "every cell one to the right": rewritten(lambda all_: [all_[0], *(b"x," + line for line in all_[1:])]),
    "every cell one to the left": rewritten(
        lambda all_: [all_[0], *(line.partition(b",")[2] for line in all_[1:])]
    ),
    "a disk of zeros behind the middle": WHOLE[: len(WHOLE) // 2] + bytes(len(WHOLE) // 2),
    "an answer of an interface": json.dumps({"error": "quota exceeded", "homes": GOOD[:2]}).encode(),
    "a page to sign in": b"<!doctype html><title>Sign in</title>" + WHOLE,
    "a workbook cut short": a_workbook_cut_short(),
    "a PDF": b"%PDF-1.7\n" + WHOLE,
    "numbers as a spreadsheet shows them": in_other_cells("URN", lambda _: "7.00E+05"),
    "references that broke": in_other_cells("URN", lambda _: "#REF!"),
    "half of a kind": a_csv(GOOD[:60]),
    "kinds changed about": in_other_cells(
        "Provision type", lambda n: ("Boarding School", "Secure Training Centre", "Children's home")[n % 3]
    ),
    "every sector another": in_other_cells("Sector", lambda _: "Voluntary"),
    "one home many times": a_csv([GOOD[0] | {"Places": str(n)} for n in range(120)]),
}


def test_no_bad_file_touches_a_table(store: Store) -> None:
    register(store, WHOLE, 2023)
    before, refused = digests(store), {}
    for name, content in (MUTANTS | MORE).items():
        with pytest.raises(RefusedFile) as told:
            register(store, content, 2024)
        refused[name] = str(told.value)
        assert "\n" not in refused[name]
        assert digests(store) == before, name
    assert len(refused) == len(MUTANTS) + len(MORE) >= 20
    assert register(store, a_csv(homes(121)), 2024).new, "the next good one is taken"


def edited(rows: dict[str, dict[str, str]], chance: random.Random, fresh: int) -> None:
    """One thing that happens to a register: a home is new, gone, sold, changed, or has another number."""
    urn = chance.choice(list(rows))
    what = chance.choices(["new", "gone", "number", "sold", "places", "status"], [4, 2, 1, 4, 4, 2])[0]
    if what == "new":
        rows[f"SC{fresh}"] = a_home(fresh % 900, URN=f"SC{fresh}")
    elif what == "gone":
        del rows[urn]
    elif what == "number":
        rows[f"SC{fresh}"] = rows.pop(urn) | {"URN": f"SC{fresh}"}
    elif what == "sold":
        rows[urn] = rows[urn] | {
            "Organisation which owns the provider": f"Owner {chance.choice('ABCDEFGH')} Homes Ltd"
        }
    elif what == "places":
        rows[urn] = rows[urn] | {"Places": str(chance.randrange(1, 9))}
    else:
        rows[urn] = rows[urn] | {"Registration status": chance.choice(["Active", "Suspended"])}


def read(content: bytes) -> dict[str, RegisterRow]:
    """What a file says, by number."""
    return {row.urn: row for _, row in read_file("register.csv", content, OFSTED, "register").rows}


def test_ten_releases_with_a_thousand_edits_are_each_as_published_and_no_link_is_lost(store: Store) -> None:
    chance, world = random.Random(11), World(store)
    rows = {row["URN"]: row for row in homes(120)}
    register(store, a_csv(list(rows.values())), 2015)
    made: dict[str, tuple[str | None, ...]] = {}
    releases = {MARCH[2015]: read(a_csv(list(rows.values())))}
    fresh = 800_000
    for year in range(2016, 2026):
        made |= linked_to(store, world, list(rows), chance)
        for _ in range(100):
            fresh += 1
            edited(rows, chance, fresh)
        whole = a_csv(list(rows.values()))
        with pytest.raises(RefusedFile):  # it was half there when it was first fetched
            register(store, whole[: len(whole) // 2 - 7], year)
        assert register(store, whole, year).new
        releases[MARCH[year]] = read(whole)
    with store.reading() as connection:
        for day, release in releases.items():
            for later in (0, 1, 180):
                held = registers.as_of(connection, "ofsted", day + dt.timedelta(days=later))
                assert held == release, day
        assert standing(connection) == made, "each link is there, on the record it was made on"
        known = set(connection.scalars(sa.select(settings.c.urn)))
    assert known == {urn for release in releases.values() for urn in release}, "removed is not deleted"


def linked_to(
    store: Store, world: World, urns: list[str], chance: random.Random
) -> dict[str, tuple[str | None, ...]]:
    """Links to a few settings and inspections that the register has now."""
    with store.reading() as connection:
        query = (
            sa.select(inspections.c.id, inspections.c.setting_id, settings.c.provider_id)
            .join(settings, settings.c.id == inspections.c.setting_id)
            .where(settings.c.urn.in_(chance.sample(urns, 5)))
        )
        found = connection.execute(query).all()
    made = {}
    for row in found:
        article = world.article(f"A story of {row.id}.", url=f"https://paper.example/{row.id}/{len(urns)}")
        link = world.link(
            article, inspection_id=row.id, setting_id=row.setting_id, provider_id=row.provider_id
        )
        made[link] = (article, row.id, row.setting_id)
    assert made
    return made


def standing(connection: sa.Connection) -> dict[str, tuple[str | None, ...]]:
    """Every link, with the article and the records it is on, which are all there."""
    query = (
        sa.select(links.c.id, links.c.article_id, inspections.c.id, settings.c.id)
        .join(inspections, inspections.c.id == links.c.inspection_id)
        .join(settings, settings.c.id == links.c.setting_id)
    )
    return {link: tuple(rest) for link, *rest in connection.execute(query)}
