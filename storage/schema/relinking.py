"""What links were made on, so that only those which a change of the record touches are made anew."""

import sqlalchemy as sa

from storage.schema.base import metadata, refers, text

link_grounds = sa.Table(
    "link_grounds",
    metadata,
    sa.Column("article_id", sa.ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("grounds", sa.JSON, nullable=False),  # linker.grounds: the places, owners, days it turned on
)

linked_records = sa.Table(
    "linked_records",
    metadata,
    sa.Column("id", sa.String, primary_key=True),  # of a setting, inspection, provider, report or place
    text("digest", nullable=False),  # of what the linker reads of it
)

linked_wholes = sa.Table(
    "linked_wholes",
    metadata,
    refers("model_id", "models", index=False),
    sa.Column("settings", sa.Integer, nullable=False),  # how many the register had at the last whole run
    sa.Column("inspections", sa.Integer, nullable=False),
    sa.PrimaryKeyConstraint("model_id"),
)
