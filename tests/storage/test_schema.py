"""The migrations and the declared schema are one."""

from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from storage.schema import metadata
from storage.store import Store


def test_the_migrations_make_exactly_the_declared_schema(tmp_path: Path) -> None:
    with Store.at(tmp_path / "a.db", write=True) as store, store.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
