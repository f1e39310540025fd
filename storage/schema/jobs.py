"""What the schedule does, when it is due, and who is doing it."""

import sqlalchemy as sa

from storage.schema.base import Moment, key, metadata, text

jobs = sa.Table(
    "jobs",
    metadata,
    key(),  # the kind, and of what: "link", "crawl bolton_news"
    text("kind", nullable=False),
    text("what"),  # the source's name, of a crawl
    sa.Column("interval_seconds", sa.Integer, nullable=False),
    sa.Column("due", Moment, nullable=False),
    sa.Column("planned", sa.Boolean, nullable=False, server_default=sa.true()),  # false: no more to be done
    sa.Column("fence", sa.Integer, nullable=False, server_default="0"),  # grows with each taking
    text("held_by"),  # the scheduler that does it now
    sa.Column("held_until", Moment),
    sa.Column("started", Moment),
    sa.Column("ended", Moment),
    text("outcome"),  # done, failed, stopped
    text("reason"),
    sa.Column("runs", sa.Integer, nullable=False, server_default="0"),  # that ended
    sa.Column("failures", sa.Integer, nullable=False, server_default="0"),  # in a row
    sa.Index("ix_jobs_due", "due"),
)
