"""What registers say, and when: imports, snapshots, settings, providers and who owned what when."""

import sqlalchemy as sa

from storage.schema.base import SEQUENCE, Moment, key, metadata, refers, text

imports = sa.Table(
    "imports",
    metadata,
    key(),
    text("kind", nullable=False),  # register, changes, inspections, reports, articles, places, labels
    text("file_name", nullable=False),
    text("digest", nullable=False, index=True),
    text("regulator"),
    sa.Column("as_of", sa.Date),
    sa.Column("learned_at", Moment, nullable=False),
    sa.Column("rows_read", sa.Integer, nullable=False),
    sa.Column("rows_kept", sa.Integer, nullable=False),
    sa.Column("findings", sa.JSON, nullable=False),  # unplaced columns, comparisons, warnings
)

rejected_rows = sa.Table(
    "rejected_rows",
    metadata,
    sa.Column("seq", SEQUENCE, primary_key=True, autoincrement=True),
    refers("import_id", "imports"),
    sa.Column("line", sa.Integer, nullable=False),
    text("urn"),
    text("reason", nullable=False),
    sa.Column("fields", sa.JSON, nullable=False),  # allow-listed fields only, never an address
)

snapshots = sa.Table(
    "snapshots",
    metadata,
    key(),
    text("regulator", nullable=False),
    sa.Column("as_of", sa.Date, nullable=False, index=True),
    refers("import_id", "imports"),
    # False: a table of inspections or a list of changes, which shows some settings and says nothing of others
    sa.Column("complete", sa.Boolean, nullable=False, server_default=sa.true()),
    sa.UniqueConstraint("regulator", "as_of", "import_id"),
)

providers = sa.Table(
    "providers",
    metadata,
    key(),
    text("name", nullable=False),  # as registered, the newest spelling
    text("name_key", nullable=False, index=True),  # storage.names.organisation_key
    text("company_number", index=True),
    text("group_name", index=True),
    text("sector"),
    sa.Column("natural_person", sa.Boolean, nullable=False, server_default=sa.false()),
    # set when a later spelling showed two providers to be one; the row stays for judgements that name it
    refers("merged_into", "providers", nullable=True, on_delete="SET NULL"),
)

provider_names = sa.Table(
    "provider_names",
    metadata,
    refers("provider_id", "providers", index=False),
    text("name", nullable=False),
    text("name_key", nullable=False, index=True),
    text("origin", nullable=False),  # register, report, alias
    sa.Column("first_seen", sa.Date),
    sa.Column("last_seen", sa.Date),
    sa.PrimaryKeyConstraint("provider_id", "name", "origin"),
)

settings = sa.Table(
    "settings",
    metadata,
    key(),
    text("regulator", nullable=False),
    text("urn", nullable=False),
    text("kind", nullable=False, index=True),  # storage.vocabulary.SETTING_KINDS
    text("name"),  # never that of a withheld home
    sa.Column("name_withheld", sa.Boolean, nullable=False, server_default=sa.false()),
    text("local_authority", index=True),
    text("region"),
    text("constituency"),
    sa.Column("places", sa.Integer),
    text("sector"),
    refers("provider_id", "providers", nullable=True, on_delete="SET NULL"),
    sa.Column("registered", sa.Date),
    sa.Column("closed", sa.Date),
    text("status"),
    sa.Column("status_since", sa.Date),
    sa.Column("first_seen", sa.Date),  # the first and last snapshot (or change list) that has it
    sa.Column("last_seen", sa.Date),
    sa.UniqueConstraint("regulator", "urn"),
)

register_rows = sa.Table(
    "register_rows",
    metadata,
    refers("snapshot_id", "snapshots", index=False),
    refers("setting_id", "settings"),
    text("kind", nullable=False),
    text("name"),
    text("status"),
    text("local_authority"),
    text("region"),
    text("constituency"),
    sa.Column("places", sa.Integer),
    text("sector"),
    text("owner"),  # exactly as the register spells it
    refers("provider_id", "providers", nullable=True, on_delete="SET NULL"),
    sa.Column("registered", sa.Date),
    sa.PrimaryKeyConstraint("snapshot_id", "setting_id"),
)

ownerships = sa.Table(
    "ownerships",
    metadata,
    refers("setting_id", "settings", index=False),
    refers("provider_id", "providers"),
    sa.Column("first_day", sa.Date, nullable=False),  # first snapshot that says so
    sa.Column("last_day", sa.Date),  # the day of the first snapshot that says otherwise; null: still
    refers("learned_from", "imports", index=False),
    sa.PrimaryKeyConstraint("setting_id", "provider_id", "first_day"),
)

setting_changes = sa.Table(
    "setting_changes",
    metadata,
    refers("setting_id", "settings", index=False),
    text("change", nullable=False),  # registered, resigned, closed, cancelled
    sa.Column("day", sa.Date, nullable=False),
    refers("import_id", "imports"),
    sa.PrimaryKeyConstraint("setting_id", "change", "day"),
)
