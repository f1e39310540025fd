"""The one metadata object, and the column types that mean the same on SQLite and PostgreSQL."""

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Dialect

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Moment(sa.TypeDecorator[dt.datetime]):
    """A moment in UTC, with its zone in Python; a naive one is refused."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its time zone")
        value = value.astimezone(dt.UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        return value if value is None or value.tzinfo else value.replace(tzinfo=dt.UTC)


SEQUENCE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
"""An ever-growing number; SQLite counts only in columns of its own INTEGER."""


def key(name: str = "id") -> sa.Column[str]:
    """The column of an opaque id."""
    return sa.Column(name, sa.String, primary_key=True)


def refers(
    name: str, target: str, *, nullable: bool = False, index: bool = True, on_delete: str = "CASCADE"
) -> sa.Column[Any]:
    """A reference to another table's id, indexed unless a key already begins with it."""
    return sa.Column(
        name, sa.String, sa.ForeignKey(f"{target}.id", ondelete=on_delete), nullable=nullable, index=index
    )


def text(
    name: str, *, nullable: bool = True, index: bool = False, default: str | None = None
) -> sa.Column[Any]:
    """A column of text; ``default`` is the server's."""
    return sa.Column(name, sa.String, nullable=nullable, index=index, server_default=default)
