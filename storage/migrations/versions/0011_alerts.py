"""Alerts, what they told of, and their outbox."""

import sqlalchemy as sa
from alembic import op

from storage.schema.base import SEQUENCE, Moment

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "alerts",
        sa.Column("id", sa.String(), nullable=False),
        *(
            sa.Column(name, sa.String(), nullable=False)
            for name in ("user_id", "follow_id", "channel", "address", "rhythm", "secret")
        ),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in ("begun", "asserted", "changed")),
        sa.Column("made_at", Moment(), nullable=False),
        *(sa.Column(name, Moment(), nullable=True) for name in ("confirmed_at", "paused_at", "ended_at")),
        sa.Column("fault", sa.String(), nullable=True),
        *(
            sa.ForeignKeyConstraint(
                [column],
                [f"{table}.id"],
                name=op.f(f"fk_alerts_{column}_{table}"),
                ondelete="CASCADE",
            )
            for column, table in (("user_id", "users"), ("follow_id", "follows"))
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alerts")),
    )
    for column in ("user_id", "follow_id"):
        op.create_index(op.f(f"ix_alerts_{column}"), "alerts", [column], unique=False)
    _told()
    _outbox()


def _told() -> None:
    op.create_table(
        "alert_told",
        *(
            sa.Column(name, sa.String(), nullable=False)
            for name in ("id", "alert_id", "item", "what", "about")
        ),
        sa.Column("mention", sa.Integer(), nullable=False),
        *(
            sa.Column(name, sa.String(), nullable=True)
            for name in ("level", "inspection_id", "setting_id", "provider_id")
        ),
        *(
            sa.Column(name, sa.Boolean(), server_default=sa.false(), nullable=False)
            for name in ("carried", "over")
        ),
        sa.ForeignKeyConstraint(
            ["alert_id"], ["alerts.id"], name=op.f("fk_alert_told_alert_id_alerts"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert_told")),
    )
    op.create_index(op.f("ix_alert_told_item"), "alert_told", ["item"], unique=False)
    op.create_index(op.f("ix_alert_told_alert_id"), "alert_told", ["alert_id"], unique=False)
    op.create_index("ix_alert_told_about_alert_id", "alert_told", ["about", "alert_id"], unique=False)


def _outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("seq", SEQUENCE, autoincrement=True, nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("alert_id", sa.String(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("items", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("due_at", Moment(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        *(sa.Column(name, Moment(), nullable=True) for name in ("first_tried_at", "ended_at")),
        sa.Column("fault", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["alert_id"], ["alerts.id"], name=op.f("fk_outbox_alert_id_alerts"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_outbox")),
        sa.UniqueConstraint("id", name=op.f("uq_outbox_id")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_outbox_alert_id_state", "outbox", ["alert_id", "state", "seq"], unique=False)
    op.create_index("ix_outbox_state_due_at", "outbox", ["state", "due_at"], unique=False)
