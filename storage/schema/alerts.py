"""Alerts, what each of them told of, and the outbox of what is to be sent."""

import sqlalchemy as sa

from storage.schema.base import SEQUENCE, Moment, key, metadata, refers, text

alerts = sa.Table(
    "alerts",
    metadata,
    key(),
    refers("user_id", "users"),
    refers("follow_id", "follows"),
    text("channel", nullable=False),  # email, webhook, chat
    text("address", nullable=False),  # an e-mail address, a URL, or the name of a chat in the settings
    text("rhythm", nullable=False),  # instant, daily, weekly
    text("secret", nullable=False),  # signs webhooks, and makes the addresses that end the alert
    sa.Column("begun", sa.BigInteger, nullable=False),  # the log of assertions' end when the alert was made
    sa.Column("asserted", sa.BigInteger, nullable=False),  # of the log of assertions: told up to there
    sa.Column("changed", sa.BigInteger, nullable=False),  # of the change sequence: told up to there
    sa.Column("made_at", Moment, nullable=False),
    sa.Column("confirmed_at", Moment),  # by whoever reads the mail that comes there
    sa.Column("paused_at", Moment),
    sa.Column("ended_at", Moment),
    text("fault"),  # why it cannot be matched, in words
)

alert_told = sa.Table(
    "alert_told",
    metadata,
    key(),
    refers("alert_id", "alerts"),
    text("item", nullable=False, index=True),  # what was told once of a story and all its copies
    text("what", nullable=False),  # article, report, lead
    text("about", nullable=False),  # its id; nothing has to be there still
    sa.Column("mention", sa.Integer, nullable=False),
    text("level"),  # this and the three below: as it was told
    text("inspection_id"),
    text("setting_id"),
    text("provider_id"),
    sa.Column("carried", sa.Boolean, nullable=False, server_default=sa.false()),  # a message may have arrived
    sa.Column("over", sa.Boolean, nullable=False, server_default=sa.false()),  # it is so no longer
    sa.Index("ix_alert_told_about_alert_id", "about", "alert_id"),
)

outbox = sa.Table(
    "outbox",
    metadata,
    sa.Column("seq", SEQUENCE, primary_key=True, autoincrement=True),
    text("id", nullable=False),  # the target sees it, the same at each attempt
    refers("alert_id", "alerts", nullable=True, index=False),  # null: to the operator
    text("kind", nullable=False),  # news, test, confirm, notice
    sa.Column("items", sa.JSON, nullable=False),  # what it tells, by ids alone
    text("state", nullable=False),  # waiting, delivered, dead, empty
    sa.Column("made_at", Moment, nullable=False),
    sa.Column("due_at", Moment, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("first_tried_at", Moment),
    sa.Column("ended_at", Moment),
    text("fault"),  # why the last attempt failed, in words
    sa.UniqueConstraint("id"),
    sa.Index("ix_outbox_alert_id_state", "alert_id", "state", "seq"),
    sa.Index("ix_outbox_state_due_at", "state", "due_at"),
    sqlite_autoincrement=True,
)
