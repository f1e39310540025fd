"""What an order holds: a report's restriction, the links to put back, the addresses not to fetch again."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("reports", sa.Column("restriction", sa.String(), nullable=True))
    op.add_column("orders", sa.Column("held", sa.JSON(none_as_null=True), nullable=True))
    op.create_table(
        "barred",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("order_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["order_id"], ["orders.id"], name=op.f("fk_barred_order_id_orders"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_barred")),
    )
    op.create_index(op.f("ix_barred_order_id"), "barred", ["order_id"], unique=False)
