"""Small tables of pages, as CSV or JSON Lines: results of a search, a lead."""

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from archive.export.forms.cells import safe


def written(rows: Iterable[Mapping[str, Any]], fields: Sequence[str], *, form: str) -> str:
    """The rows as ``csv`` or ``jsonl``."""
    if form == "jsonl":
        return "".join(json.dumps(row, ensure_ascii=False, default=str) + "\n" for row in rows)
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow(fields)
    table.writerows([_cell(row.get(name)) for name in fields] for row in rows)
    return out.getvalue()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    nested = isinstance(value, (list, dict))
    return safe(json.dumps(value, ensure_ascii=False, default=str) if nested else str(value))
