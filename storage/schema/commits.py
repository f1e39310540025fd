"""What each connection to a server kept last; see ``storage.postgresql``. On SQLite it stays empty."""

import sqlalchemy as sa

from storage.schema.base import Moment, key, metadata

commits = sa.Table(
    "commits",
    metadata,
    key(),  # of the connection
    sa.Column("number", sa.BigInteger, nullable=False),  # of its last transaction that was kept
    sa.Column("at", Moment, nullable=False),
)
