"""What people do in the archive: the audit log, follows, notes, orders that restrict, and corrections."""

import sqlalchemy as sa

from storage.schema.base import SEQUENCE, Moment, key, metadata, refers, text

audit = sa.Table(
    "audit",
    metadata,
    sa.Column("seq", SEQUENCE, primary_key=True, autoincrement=True),
    sa.Column("at", Moment, nullable=False),
    text("who", nullable=False),
    text("action", nullable=False),  # restricted, taken down, lifted, sealed read, person erased, merged …
    text("what", nullable=False),  # article, report, setting, provider, story, person, subject, archive
    text("about", nullable=False),  # its id
    text("reason"),
    sa.Column("details", sa.JSON, nullable=False),
    text("previous_hash", nullable=False),
    text("hash", nullable=False),
    sa.Index("ix_audit_what_about", "what", "about"),
    sqlite_autoincrement=True,
)

follows = sa.Table(
    "follows",
    metadata,
    key(),
    refers("user_id", "users"),
    text("what", nullable=False),  # search, provider, group, setting, authority, outlet, lead
    text("target", nullable=False),  # the search's query string, the record's id, the lead's name
    text("title", nullable=False),
    sa.Column("made_at", Moment, nullable=False),
    sa.Column("ended_at", Moment),
    sa.Index("ix_follows_what_target", "what", "target"),
)

looks = sa.Table(
    "looks",
    metadata,
    sa.Column(
        "user_id", sa.String, sa.ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, nullable=False
    ),
    sa.Column("seq", sa.BigInteger, nullable=False),  # of the change sequence, when they last looked
    sa.Column("at", Moment, nullable=False),
)

notes = sa.Table(
    "notes",
    metadata,
    key(),
    text("what", nullable=False),  # article, setting, provider, inspection
    text("about", nullable=False),
    refers("user_id", "users", index=False),
    text("text", nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column("ended_at", Moment),
    sa.Index("ix_notes_what_about", "what", "about"),
)

orders = sa.Table(
    "orders",
    metadata,
    key(),
    text("what", nullable=False),  # article, report
    text("about", nullable=False),
    text("kind", nullable=False),  # restricted, taken down
    text("reason", nullable=False),
    sa.Column("until", sa.Date),  # when the order ends; an operator is reminded, nothing lifts itself
    text("made_by", nullable=False),
    sa.Column("made_at", Moment, nullable=False),
    text("lifted_by"),
    sa.Column("lifted_at", Moment),
    sa.Column("held", sa.JSON(none_as_null=True)),  # the item's links while it is restricted, to be put back
    sa.Index("ix_orders_what_about", "what", "about"),
)

barred = sa.Table(
    "barred",
    metadata,
    key(),  # storage.articles.identify of an address: what was taken down is told by it, and says nothing
    refers("order_id", "orders"),
)

corrections = sa.Table(
    "corrections",
    metadata,
    key(),
    refers("article_id", "articles", nullable=True),
    sa.Column("mention", sa.Integer),
    text("said", nullable=False),  # by whoever reported the mistake
    text("contact"),
    sa.Column("at", Moment, nullable=False),
    text("state", nullable=False),  # open, upheld, refused
    sa.Column("suppressed", sa.Boolean, nullable=False, server_default=sa.false()),  # not public meanwhile
    text("answer"),  # told in public once decided
    text("decided_by"),
    sa.Column("decided_at", Moment),
)

erased_names = sa.Table(
    "erased_names",
    metadata,
    key(),
    text("erasure", nullable=False),  # the request that it was erased on, as the audit log names it
    text("what", nullable=False),  # article, report
    text("about", nullable=False),
    sa.Column("size", sa.Integer, nullable=False),  # words of the name
    text("salt", nullable=False),
    text("digest", nullable=False),  # of the name, which is not kept
    sa.Column("at", Moment, nullable=False),
    sa.Index("ix_erased_names_what_about", "what", "about"),
)
