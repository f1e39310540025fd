"""The schema: one file a family of tables, the same on SQLite and PostgreSQL."""

from storage.schema import (
    alerts,
    assertions,
    commits,
    crawl,
    inspections,
    jobs,
    links,
    naming,
    people,
    press,
    registers,
    relinking,
    stories,
    work,
)
from storage.schema.base import metadata

__all__ = [
    "alerts",
    "assertions",
    "commits",
    "crawl",
    "inspections",
    "jobs",
    "links",
    "metadata",
    "naming",
    "people",
    "press",
    "registers",
    "relinking",
    "stories",
    "work",
]
