"""Let whoever follows one kind of change walk its newest entries, however many there are of the others."""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_changes_what_seq", "changes", ["what", "seq"], unique=False)
