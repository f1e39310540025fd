"""Jobs that keep what there is safe: a register, a takedown, a backup, a restore, the outbox, an upgrade."""

import contextlib
import datetime as dt
import json
import logging
import sqlite3
from collections import Counter
from pathlib import Path

import sqlalchemy as sa

from archive.alerts import sending
from archive.alerts.post import Post
from onrecord import drilling
from storage import articles, registers, upgrade
from storage.backups import restoring
from storage.dates import utc_now
from storage.errors import StorageError
from storage.records import Article
from storage.schema.crawl import captures
from storage.schema.work import orders
from storage.store import Store
from tests.archive.alerts.conftest import BASE, Newsroom
from tests.archive.alerts.receivers import Got, receiving
from tests.archive.world import World
from tests.faults.job import Job, acknowledge, archive_in, command
from tests.register_files import a_csv, homes
from tests.storage.test_orders import CANARY, crawled

# A register, taken after another: all of it or nothing, and the last good one stays.

_HOMES = {2022: homes(12), 2023: [home | {"Places": "9"} for home in homes(13)[1:]]}


def _take_register(folder: Path, year: int) -> None:
    file = folder / f"register-{year}.csv"
    file.write_bytes(a_csv(_HOMES[year]))
    told = ("--regulator", "ofsted", "--as-of", f"{year}-03-31", "--archive", str(archive_in(folder)))
    command("import", "register", str(file), *told)


def _registers(folder: Path) -> list[str]:
    """The years whose register is as it was published; one that is not, by half."""
    found = []
    with Store.at(archive_in(folder)) as store, store.reading() as connection:
        for year, published in _HOMES.items():
            rows = registers.rows_of(connection, "ofsted", dt.date(year, 3, 31))
            whole = {urn: row.places for urn, row in rows.items()} == {
                home["URN"]: int(home["Places"]) for home in published
            }
            found += [str(year)] if whole else [f"{len(rows)} homes of {year}"] if rows else []
    return found


# A takedown: done once nothing of it is left in any file.


def _write_canary(folder: Path) -> None:
    with Store.at(archive_in(folder), write=True) as store:
        crawled(store)
    command("index", "--archive", str(archive_in(folder)))


def _take_down(folder: Path) -> None:
    with Store.at(archive_in(folder)) as store, store.reading() as connection:
        ordered = connection.execute(sa.select(orders.c.id)).first() is not None
        (article,) = connection.execute(sa.text("select id from articles")).scalars()
    at = ("--archive", str(archive_in(folder)))
    if not ordered:
        command("takedown", article, "--reason", "asked by the family", *at)
        return
    command("orders", "--finish", *at)
    command("index", *at)


def _taken_down(folder: Path) -> list[str]:
    holding = [path.name for path in folder.rglob("*") if path.is_file() and _holds_canary(path)]
    return [] if holding else ["erased"]


def _holds_canary(path: Path) -> bool:
    content = path.read_bytes()
    return any(word.encode() in content for word in (CANARY, CANARY.lower(), CANARY.split()[0].lower()))


# Backups: one that has a name is whole; and a restore is all of it.


def _write_backed_up(folder: Path) -> None:
    with Store.at(archive_in(folder), write=True) as store:
        crawled(store)
    _back_up(folder)


def _back_up(folder: Path) -> None:
    command("backup", str(folder / "kept"), "--archive", str(archive_in(folder)))


def _backups(folder: Path) -> list[str]:
    """Every backup that has a name: its number, where a drill gives the archive back."""
    found = []
    for number, path in enumerate(sorted((folder / "kept").glob("archive.db-*")), start=1):
        with contextlib.suppress(StorageError):
            found.append(str(number) if drilling.drill(path).passed else f"{path.name} is not whole")
            continue
        found.append(f"{path.name} is none")
    return found


def _back_up_once(folder: Path) -> None:
    if len(_backups(folder)) < 2:
        _back_up(folder)


def _restore(folder: Path) -> None:
    (backup,) = (folder / "kept").glob("archive.db-*")
    into = folder / "new.db"
    again = ("--force",) if into.exists() or into.with_name("new.db.evidence").exists() else ()
    command("restore", str(backup), "--into", str(into), *again)


def _restored(folder: Path) -> list[str]:
    into = folder / "new.db"
    if not into.exists():
        return []
    with Store.at(into) as store, store.reading() as connection:
        count = connection.execute(sa.select(sa.func.count()).select_from(captures)).scalar()
        files = len(list(store.place.evidence.glob("*.warc.gz")))
        restoring.check_database(into, restoring.manifests.read(next((folder / "kept").glob("archive.db-*"))))
    return ["the archive"] if (count, files) == (3, 1) else [f"{count} captures in {files} files"]


# The outbox: what it calls delivered has arrived, and at most one message a fault arrives twice.

_ARTICLES = ("https://paper.example/first", "https://paper.example/second", "https://paper.example/third")


def _write_followed(folder: Path) -> None:
    with Store.at(archive_in(folder), write=True) as store:
        newsroom = Newsroom(store=store, world=World(store), now=utc_now() - dt.timedelta(hours=1))
        home = newsroom.home(provider=newsroom.world.provider())
        newsroom.alert("setting", home.setting, ("webhook", "http://hooks.example/news"))
        for url in _ARTICLES:
            with store.writing() as connection:
                article = Article(url=url, text="A children's home was told to improve.")
                saved = articles.save(connection, article, at=newsroom.now)
            newsroom.link(home, saved.article_id)
    command("index", "--archive", str(archive_in(folder)))


class _Arrived(list[Got]):
    """What arrived, written down before it is answered for."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def append(self, one: Got) -> None:
        """Keep it, whatever becomes of this process."""
        with self._path.open("a") as file:
            file.write(json.dumps([one.id, one.items]) + "\n")


def _send(folder: Path) -> None:
    logging.disable()
    ahead = dt.timedelta(minutes=10) * (folder.parent / "tried").exists()  # past the lease of the first try
    (folder.parent / "tried").touch()
    with receiving() as target, Store.at(archive_in(folder), write=True) as store:
        post = Post(base_url=BASE, hosts={"hooks.example": ("127.0.0.1", target.port)})
        target.got = _Arrived(folder.parent / "arrived.jsonl")
        sending.send(store, post, lambda: utc_now() + ahead)
    for url in _delivered(folder):
        acknowledge(url)


def _delivered(folder: Path) -> list[str]:
    """The articles that arrived; one that came more than twice, or that is wrongly called delivered, as such."""
    arrived = folder.parent / "arrived.jsonl"
    lines = [json.loads(line) for line in arrived.read_text().splitlines()] if arrived.exists() else []
    with Store.at(archive_in(folder)) as store, store.reading() as connection:
        called = set(connection.execute(sa.text("select id from outbox where state = 'delivered'")).scalars())
        urls = dict(connection.execute(sa.text("select id, url from articles")).tuples().all())
    missing = [f"{one} never arrived" for one in called - {id_ for id_, _ in lines}]
    often = [
        f"{one} came {count} times" for one, count in Counter(id_ for id_, _ in lines).items() if count > 2
    ]
    told = {item["url"] for _, items in lines for item in items}
    return sorted(url for id_, url in urls.items() if any(id_ in one for one in told)) + missing + often


# An upgrade: the old archive or the new one.


def _write_old(folder: Path) -> None:
    path = archive_in(folder)
    for one in folder.glob("archive.db*"):
        one.unlink()
    upgrade.create(path, "0001")
    seen = "2024-05-01 00:00:00.000000"
    with contextlib.closing(sqlite3.connect(path)) as connection, connection:
        for url in _ARTICLES:
            connection.execute(
                "insert into articles (id, url, latest_version, first_seen) values (?, ?, 1, ?)",
                (url, url, seen),
            )
            connection.execute("insert into article_urls (url, article_id) values (?, ?)", (url, url))
            connection.execute(
                "insert into changes (what, id, change, at) values ('article', ?, 'made', ?)", (url, seen)
            )
            connection.execute(
                "insert into article_versions (id, article_id, number, text, digest, learned_at)"
                " values (?, ?, 1, ?, ?, ?)",
                (url, url, "Inspectors called twice. " * 200, url, seen),
            )


def _upgrade(folder: Path) -> None:
    command("orders", "--finish", "--archive", str(archive_in(folder)))  # as any command that writes


def _upgraded(folder: Path) -> list[str]:
    """The articles with a text, and whether the schema is today's; read as SQLite alone does."""
    with contextlib.closing(sqlite3.connect(archive_in(folder))) as connection:
        (version,) = connection.execute("select version_num from alembic_version").fetchone()
        query = "select url from articles join article_versions on article_id = articles.id where text like '%twice%'"
        urls = sorted(url for (url,) in connection.execute(query))
    return urls + (["upgraded"] if version == upgrade.newest() else [] if version == "0001" else [version])


SAFEKEEPING = (
    Job(
        name="import register",
        prepare=lambda folder: _take_register(folder, 2022),
        run=lambda folder: _take_register(folder, 2023),
        held=_registers,
        everything=("2022", "2023"),
        stands=("2022",),
    ),
    Job(name="takedown", prepare=_write_canary, run=_take_down, held=_taken_down, everything=("erased",)),
    Job(
        name="backup",
        prepare=_write_backed_up,
        run=_back_up_once,
        held=_backups,
        everything=("1", "2"),
        stands=("1",),
    ),
    Job(
        name="restore",
        prepare=_write_backed_up,
        run=_restore,
        held=_restored,
        everything=("the archive",),
    ),
    Job(name="outbox", prepare=_write_followed, run=_send, held=_delivered, everything=_ARTICLES),
    Job(
        name="upgrade",
        prepare=_write_old,
        run=_upgrade,
        held=_upgraded,
        everything=(*_ARTICLES, "upgraded"),
        stands=_ARTICLES,
    ),
)
