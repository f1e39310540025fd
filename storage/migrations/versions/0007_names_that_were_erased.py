"""Which names stay out of which items, since a person asked that they be erased."""

import sqlalchemy as sa
from alembic import op

from storage.schema.base import Moment

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "erased_names",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("erasure", sa.String(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("salt", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erased_names")),
    )
    op.create_index("ix_erased_names_what_about", "erased_names", ["what", "about"], unique=False)
