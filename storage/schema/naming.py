"""What people and imports add to the registers' names: codes of authorities, aliases, groups, merges."""

import sqlalchemy as sa

from storage.schema.base import SEQUENCE, Moment, metadata, refers, text

authorities = sa.Table(
    "authorities",
    metadata,
    sa.Column("code", sa.String, primary_key=True),  # the ONS's, such as E10000017
    text("name", nullable=False),
    text("name_key", nullable=False, index=True),  # storage.places.authority_key
    text("upper_code", index=True),  # of the upper-tier authority it is, lies in or was merged into
    text("upper_name"),
    text("region"),
    text("country"),
    sa.Column("current", sa.Boolean, nullable=False, server_default=sa.true()),
    refers("import_id", "imports", nullable=True, on_delete="SET NULL", index=False),
)

provider_aliases = sa.Table(
    "provider_aliases",
    metadata,
    refers("provider_id", "providers"),
    text("name", nullable=False),
    text("kind", nullable=False),  # alias (a trading or press name), group (it belongs to it)
    text("origin", nullable=False),  # who gave it: a person, or the alias file's name
    sa.Column("at", Moment, nullable=False),
    sa.PrimaryKeyConstraint("provider_id", "name", "kind"),
)

provider_decisions = sa.Table(
    "provider_decisions",
    metadata,
    sa.Column("seq", SEQUENCE, primary_key=True, autoincrement=True),
    text("decision", nullable=False),  # merge, split, undo
    refers("provider_id", "providers"),  # that which keeps the spellings, or gives them up
    refers("other_id", "providers"),
    sa.Column("names", sa.JSON, nullable=False),  # the spellings that went over
    sa.Column("undoes", SEQUENCE),
    text("reason"),
    text("who", nullable=False),
    sa.Column("at", Moment, nullable=False),
)

labels = sa.Table(
    "labels",
    metadata,
    sa.Column("article", sa.String, nullable=False),  # the id, address or external id that the label names
    refers("import_id", "imports", index=False),
    sa.Column("label", sa.JSON, nullable=False),
    sa.PrimaryKeyConstraint("article", "import_id"),
)
