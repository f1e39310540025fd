"""The people who sign in, their sessions and tokens, and the sequence of changes others follow."""

import sqlalchemy as sa

from storage.schema.base import SEQUENCE, Moment, key, metadata, refers, text

users = sa.Table(
    "users",
    metadata,
    key(),
    text("name", nullable=False),
    text("role", nullable=False),  # reader, reviewer, operator
    text("password_hash"),
    sa.Column("disabled", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("made_at", Moment, nullable=False),
    sa.UniqueConstraint("name"),
)

keys = sa.Table(
    "keys",
    metadata,
    key(),
    refers("user_id", "users", nullable=True),
    text("purpose", nullable=False),  # sign-in, session, token
    text("secret_hash", nullable=False, index=True),  # SHA-256 of a random secret; the secret is never kept
    text("role", nullable=False),
    text("label"),
    sa.Column("made_at", Moment, nullable=False),
    sa.Column("expires", Moment),
    sa.Column("ended_at", Moment),
)

changes = sa.Table(
    "changes",
    metadata,
    sa.Column("seq", SEQUENCE, primary_key=True, autoincrement=True),
    text("what", nullable=False),  # article, report, setting, provider, inspection, link
    text("id", nullable=False),
    text("change", nullable=False),  # saved, erased
    sa.Column("at", Moment, nullable=False),
    sa.Index("ix_changes_what_seq", "what", "seq"),
    sqlite_autoincrement=True,
)

places = sa.Table(
    "places",
    metadata,
    key(),
    text("name", nullable=False, index=True),
    text("kind", nullable=False),  # village, town, city, borough, county …
    text("district"),
    text("local_authority"),
    text("county"),
    text("region"),
    text("origin", nullable=False),
)
