"""A newsroom's own past links, kept as labels to learn from; the articles need not be there yet."""

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from typing import Any, get_args

import sqlalchemy as sa

from storage import imports
from storage.errors import RefusedFile
from storage.ids import digest_of
from storage.imports import Import
from storage.schema.naming import labels
from storage.schema.registers import imports as imports_table
from storage.vocabulary import Level


def take(connection: sa.Connection, name: str, content: bytes, *, at: dt.datetime) -> tuple[int, bool]:
    """Keep the labels of a file of JSON lines; how many it has, and whether it is new. RefusedFile."""
    told = _read(name, content)
    made = Import(
        kind="labels",
        file_name=name,
        digest=digest_of(content),
        learned_at=at,
        rows_read=len(told),
        rows_kept=len(told),
    )
    if imports.known(connection, made.id):
        return len(told), False
    imports.save(connection, made)
    rows = [{"article": str(one["id"]), "import_id": made.id, "label": one} for one in told]
    connection.execute(sa.insert(labels), rows)
    return len(told), True


def standing(connection: sa.Connection) -> dict[str, Mapping[str, Any]]:
    """The newest label of each article, by the id, address or external id it names."""
    query = sa.select(labels).join(imports_table).order_by(imports_table.c.learned_at, imports_table.c.id)
    return {row.article: row.label for row in connection.execute(query)}


def _read(name: str, content: bytes) -> Sequence[Mapping[str, Any]]:
    try:
        lines = content.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError:
        raise RefusedFile(name, "is not UTF-8; save it as JSON lines in UTF-8") from None
    told: dict[str, Mapping[str, Any]] = {}
    for number, line in enumerate(lines, 1):
        if line.strip():
            one = _label(name, number, line)
            if str(one["id"]) in told:
                raise RefusedFile(name, f"line {number}: {one['id']} has a label already")
            told[str(one["id"])] = one
    if not told:
        raise RefusedFile(name, "holds no label")
    return list(told.values())


def _label(name: str, number: int, line: str) -> Mapping[str, Any]:
    try:
        one = json.loads(line)
    except json.JSONDecodeError as error:
        raise RefusedFile(name, f"line {number}: no JSON ({error.msg})") from None
    if not isinstance(one, dict) or not one.get("id") or one.get("level") not in get_args(Level):
        levels = ", ".join(get_args(Level))
        raise RefusedFile(name, f"line {number}: a label needs id, and level as one of {levels}")
    links = one.get("links") or []
    if one["level"] in ("inspection", "setting") and not any(
        isinstance(it, dict) and it.get("urn") for it in links
    ):
        raise RefusedFile(name, f"line {number}: level {one['level']} needs links with a urn")
    for day in filter(None, (it.get("inspection_date") for it in links if isinstance(it, dict))):
        if not _is_day(day):
            raise RefusedFile(name, f"line {number}: inspection_date {day} is no day; write it as 2023-05-24")
    return one


def _is_day(told: object) -> bool:
    try:
        return bool(dt.date.fromisoformat(str(told)[:10]))
    except ValueError:
        return False
