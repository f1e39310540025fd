"""The log of what the archive asserted: append only; nothing it names has to be there still."""

import sqlalchemy as sa

from storage.schema.base import SEQUENCE, Moment, metadata, text

assertions = sa.Table(
    "assertions",
    metadata,
    sa.Column("seq", SEQUENCE, primary_key=True, autoincrement=True),
    sa.Column("at", Moment, nullable=False),
    text("article_id", nullable=False),
    sa.Column("mention", sa.Integer, nullable=False),
    text("story"),  # that the article was a copy of then
    text("event", nullable=False),  # storage.assertions.Event
    text("level"),
    text("inspection_id"),
    text("setting_id"),
    text("provider_id"),  # the owner on the inspection's day
    text("authority"),  # of the setting, by the register's name
    sa.Column("probability", sa.Float),
    sa.Column("confirmed", sa.Boolean),
    sa.Column("suppressed", sa.Boolean),  # out of public view, since somebody reported it as a mistake
    text("link_id"),
    text("model_id"),
    sa.Index("ix_assertions_article_id_mention", "article_id", "mention", "seq"),
    sa.Index("ix_assertions_setting_id_seq", "setting_id", "seq"),
    sa.Index("ix_assertions_provider_id_seq", "provider_id", "seq"),
    sa.Index("ix_assertions_authority_seq", "authority", "seq"),
    sqlite_autoincrement=True,
)
