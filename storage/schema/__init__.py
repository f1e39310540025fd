"""The schema: one file a family of tables, the same on SQLite and PostgreSQL."""

from storage.schema import crawl, inspections, links, people, press, registers
from storage.schema.base import metadata

__all__ = ["crawl", "inspections", "links", "metadata", "people", "press", "registers"]
