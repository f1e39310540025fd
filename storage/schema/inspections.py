"""Inspections, what each origin claims of them, and the reports with their sections and sentences."""

from typing import Final, get_args

import sqlalchemy as sa

from storage.schema.base import SEQUENCE, key, metadata, refers, text
from storage.vocabulary import Area

GRADED: Final[tuple[Area, ...]] = get_args(Area)
"""The judgement areas that have a column of their own, in every framework's words."""


def _facts() -> list[sa.Column[object]]:
    """What an inspection record says, merged or as one origin claims it."""
    return [
        sa.Column("first_day", sa.Date),
        sa.Column("last_day", sa.Date),
        sa.Column("published", sa.Date),
        text("event_number"),
        *(text(area) for area in GRADED),
        sa.Column("capacity", sa.Integer),
        text("provider_name"),
        text("local_authority"),
    ]


inspections = sa.Table(
    "inspections",
    metadata,
    key(),
    refers("setting_id", "settings"),
    text("kind", nullable=False),  # full, interim, monitoring, assurance
    *_facts(),
    refers("provider_id", "providers", nullable=True, on_delete="SET NULL"),  # the owner of its day
    sa.Column(
        "disagreements", sa.JSON, nullable=False, server_default="[]"
    ),  # [{field, values: {origin: value}}]
    sa.Index("ix_inspections_first_day", "first_day"),
    sa.Index("ix_inspections_setting_id_kind", "setting_id", "kind", "first_day", "overall"),
    sa.Index("ix_inspections_overall_published", "overall", "published", "setting_id"),
    sa.Index("ix_inspections_published", "published"),
    sa.Index("ix_inspections_event_number", "event_number"),
)

inspection_claims = sa.Table(
    "inspection_claims",
    metadata,
    sa.Column("seq", SEQUENCE, primary_key=True, autoincrement=True),
    refers("inspection_id", "inspections"),
    text("origin", nullable=False),  # table, register, report, page
    text("origin_id", nullable=False),  # the import, report or capture that says so
    sa.Column("as_of", sa.Date),  # when it was said: of two claims of one origin the newer holds
    *_facts(),
    sa.UniqueConstraint("inspection_id", "origin", "origin_id"),
)

reports = sa.Table(
    "reports",
    metadata,
    key(),
    refers("inspection_id", "inspections", nullable=True, on_delete="SET NULL", index=False),
    refers("setting_id", "settings", nullable=True),
    text("regulator", nullable=False),
    text("urn", index=True),
    text("url", index=True),
    text("file_name"),
    text("digest", nullable=False, index=True),
    refers("capture_id", "captures", nullable=True, on_delete="SET NULL"),
    refers("import_id", "imports", nullable=True, on_delete="SET NULL"),
    text("framework"),
    text("kind", nullable=False),
    sa.Column("first_day", sa.Date),
    sa.Column("last_day", sa.Date),
    sa.Column("published", sa.Date),
    text("provider_name"),
    *(text(area) for area in GRADED),
    sa.Column("capacity", sa.Integer),
    sa.Column("facts", sa.JSON, nullable=False),  # needs, history, last inspection, enforcement …
    text("text"),  # without the people block, which stays in the evidence
    sa.Column("pages", sa.Integer),
    text("restriction"),  # null, restricted or taken down
    sa.Index("ix_reports_inspection_id_restriction", "inspection_id", "restriction"),
)

report_sections = sa.Table(
    "report_sections",
    metadata,
    refers("report_id", "reports", index=False),
    sa.Column("number", sa.Integer, nullable=False),
    text("heading", nullable=False),
    sa.Column("page", sa.Integer),
    sa.Column("start", sa.Integer, nullable=False),  # code points in reports.text
    sa.Column("end", sa.Integer, nullable=False),
    sa.PrimaryKeyConstraint("report_id", "number"),
)

report_sentences = sa.Table(
    "report_sentences",
    metadata,
    refers("report_id", "reports", index=False),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("section", sa.Integer, nullable=False),
    sa.Column("page", sa.Integer),
    sa.Column("start", sa.Integer, nullable=False),
    sa.Column("end", sa.Integer, nullable=False),
    text("text", nullable=False),
    sa.PrimaryKeyConstraint("report_id", "number"),
)

requirements = sa.Table(
    "requirements",
    metadata,
    refers("report_id", "reports", index=False),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("regulation", sa.Integer),
    text("title"),
    text("text", nullable=False),
    sa.Column("due", sa.Date),
    sa.Column("compliance_notice", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("page", sa.Integer),
    sa.PrimaryKeyConstraint("report_id", "number"),
)
