"""The tables of the exports, one file each."""

from typing import Final

from archive.export.tabled import Table
from archive.export.tables.articles import ARTICLES
from archive.export.tables.inspections import INSPECTIONS
from archive.export.tables.judgements import JUDGEMENTS
from archive.export.tables.links import LINKS
from archive.export.tables.providers import PROVIDERS
from archive.export.tables.settings import SETTINGS

TABLES: Final[dict[str, Table]] = {
    table.name: table for table in (LINKS, ARTICLES, SETTINGS, PROVIDERS, INSPECTIONS, JUDGEMENTS)
}
