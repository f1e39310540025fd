"""The same schema and store on PostgreSQL."""

import datetime as dt

import pytest
import sqlalchemy as sa

from storage import changes
from storage.errors import StorageError
from storage.schema import metadata
from storage.store import Store

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


def test_a_reader_cannot_write(postgres: str) -> None:
    with (
        Store.at(postgres, write=True) as store,
        store.reading() as connection,
        pytest.raises(sa.exc.InternalError, match="read-only"),
    ):
        changes.note(connection, "article", ["article-1"], NOON)
    with Store.at(postgres) as reader, pytest.raises(StorageError, match="reading only"), reader.writing():
        pass
