"""The same schema and store on PostgreSQL."""

import datetime as dt

import pytest
import sqlalchemy as sa

from storage import changes, health, retention
from storage.errors import StorageError
from storage.health import Patient
from storage.schema import metadata
from storage.schema.people import changes as sequence
from storage.store import Store
from storage.subjects import erasing, standing
from storage.subjects.names import name_of
from tests.archive.world import World

pytestmark = pytest.mark.postgres
NOON = dt.datetime(2024, 5, 1, 12, tzinfo=dt.UTC)


def test_the_migrations_make_every_table(postgres: str) -> None:
    with Store.at(postgres, write=True) as store, store.reading() as connection:
        made = set(sa.inspect(connection).get_table_names())
    assert made - {"alembic_version"} == set(metadata.tables)


def test_what_is_written_is_read_back(postgres: str) -> None:
    with Store.at(postgres, write=True) as store:
        with store.writing() as connection:
            changes.note(connection, "article", ["article-1"], NOON)
        with store.reading() as connection:
            assert [tuple(row) for row in changes.since(connection, 0)] == [
                (1, "article", "article-1", "saved")
            ]


def test_a_character_that_the_server_takes_in_no_text_is_replaced_and_found_nowhere(postgres: str) -> None:
    with Store.at(postgres, write=True) as store:
        with store.writing() as connection:
            changes.note(connection, "article", ["article-\0x"], NOON)
        with store.reading() as connection:
            for sought, found in (("article-\0x", 1), ("article-\ufffdx", 1), ("article-x", 0)):
                query = sa.select(sa.func.count()).where(sequence.c.id == sought)
                assert connection.scalar(query) == found
                listed = sa.any_(sa.bindparam("ids", type_=sa.ARRAY(sa.String)))
                again = sa.select(sa.func.count()).where(sequence.c.id == listed)
                assert connection.scalar(again, {"ids": [sought]}) == found


@pytest.mark.parametrize(("sorting", "noted"), [("", False), ("locale_provider icu icu_locale 'en'", True)])
def test_a_database_that_sorts_by_a_language_is_noted(postgres: str, sorting: str, noted: bool) -> None:
    server, name = postgres.rsplit("/", 1)
    admin = sa.create_engine(
        f"{server.replace('postgresql://', 'postgresql+psycopg://')}/postgres", isolation_level="AUTOCOMMIT"
    )
    with admin.connect() as connection:
        connection.exec_driver_sql(f"drop database {name}")
        connection.exec_driver_sql(f"create database {name} encoding 'UTF8' {sorting} template template0")
    admin.dispose()
    with Store.at(postgres, write=True) as store, store.reading() as connection:
        found = list(health.engine(Patient(connection=connection, place=store.place, at=NOON)))
    assert ("sorts by a language" in found[-1].told) is noted


def test_a_reader_cannot_write(postgres: str) -> None:
    with (
        Store.at(postgres, write=True) as store,
        store.reading() as connection,
        pytest.raises(sa.exc.InternalError, match="read-only"),
    ):
        changes.note(connection, "article", ["article-1"], NOON)
    with Store.at(postgres) as reader, pytest.raises(StorageError, match="reading only"), reader.writing():
        pass


def test_a_name_is_found_and_erased_and_what_is_past_its_days_is_told(postgres: str) -> None:
    with Store.at(postgres, write=True) as store:
        world, whom = World(store), [name_of("Rowan Ash")]
        article = world.article(captions=("Rowan Ash at the gate",))
        world.link(article, status="none", level="none")
        with store.writing() as connection:
            found = standing.standing(connection, whom)
            asked = erasing.Request(reason="asked", who="Ada Moss", at=NOON)
            erasing.erase(connection, whom, found, asked)
            assert standing.standing(connection, whom) == []
        assert {one.place.told for one in found} == {"byline", "captions"}
        days = retention.Days(unlinked_captures=30)
        later = NOON + dt.timedelta(days=365)
        assert [(one.kind, one.count) for one in retention.enforce(store, days, at=later, who="x")] == [
            ("unlinked_captures", 1)
        ]
