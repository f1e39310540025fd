"""Erase a person's name where it may be: black in its place, an entry in the log, and it stays away."""

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

from storage import audit, captures, changes, erasing
from storage.errors import UsageMistake
from storage.ids import digest_of, random_id
from storage.records import Capture
from storage.schema.inspections import reports
from storage.schema.press import article_versions
from storage.subjects.kept_out import keep_out
from storage.subjects.names import Name, without
from storage.subjects.standing import Standing

SEARCHED: Final = ("article", "report")
"""Items whose words are in the index, and whose captured bytes can be sealed."""
_LONGEST_REASON: Final = 2_000


@dataclass(frozen=True, kw_only=True)
class Request:
    """What a person asked: who did it for them, when and why, and the ids of items to keep all the same.

    ``seal``: erase the captured bytes of the items too; else the name stays in what was fetched.
    """

    reason: str
    who: str
    at: dt.datetime
    keep: frozenset[str] = frozenset()
    seal: bool = False


@dataclass(frozen=True, kw_only=True)
class Erasure:
    """What was done: its number in the log, the values that changed, the items, the captures to seal."""

    id: str
    values: int
    items: tuple[tuple[str, str], ...]
    sealed: tuple[Capture, ...]


def goes(one: Standing, keep: Collection[str] = ()) -> bool:
    """Whether a request erases the name there."""
    return one.place.stays is None and one.about not in keep


def erase(
    connection: sa.Connection,
    names: Sequence[Name],
    found: Iterable[Standing],
    asked: Request,
    *,
    also_sealed: Iterable[tuple[str, str]] = (),
) -> Erasure:
    """Black the names out in what was found, in the open write transaction; UsageMistake without a reason.

    ``also_sealed``: items whose captured bytes alone say the name (a report's people block).
    When the transaction is done, ``storage.sealing.finish`` seals the records and folds the log.
    """
    reason = " ".join(asked.reason.split())
    if not reason or len(reason) > _LONGEST_REASON:
        raise UsageMistake(f"say why, in at most {_LONGEST_REASON:,} characters, without the name")
    if without(reason, names) != reason:
        raise UsageMistake("leave the name out of the reason: the log is never changed")
    going = [one for one in found if goes(one, asked.keep)]
    for one in going:
        _write(connection, one, names)
    items = {(one.place.item, one.about) for one in going}
    bytes_of = {item for item in also_sealed if item[1] not in asked.keep} | items if asked.seal else set()
    sealed = erasing.seal_captures(connection, _captures(connection, bytes_of))
    id_ = random_id("erasure")
    worded = {item for item in items if item[0] in SEARCHED}
    keep_out(connection, id_, worded, names, asked.at)
    _renew(connection, worded, asked.at)
    touched = tuple(sorted(items | bytes_of))
    told = {"items": [about for _, about in touched], "kept": sorted(asked.keep), "sealed": len(sealed)}
    audit.note(
        connection, "person erased", "subject", id_, who=asked.who, at=asked.at, reason=reason, details=told
    )
    return Erasure(id=id_, values=len(going), items=touched, sealed=tuple(sealed))


def _write(connection: sa.Connection, one: Standing, names: Sequence[Name]) -> None:
    place = one.place
    columns = place.table.primary_key.columns
    here = sa.and_(*(column == value for column, value in zip(columns, one.key, strict=True)))
    if place.row_goes:
        connection.execute(sa.delete(place.table).where(here))
        return
    values = {place.column.name: without(one.value, names)}
    connection.execute(sa.update(place.table).where(here).values(**values))


def _renew(connection: sa.Connection, items: Iterable[tuple[str, str]], at: dt.datetime) -> None:
    """Tell the words' new digest, and have the index built anew without the old ones."""
    for what, about in sorted(items):
        if what == "article":
            _digest_anew(connection, about)
        changes.note(connection, what, [about], at, "erased")


def _digest_anew(connection: sa.Connection, article_id: str) -> None:
    columns = (article_versions.c.id, article_versions.c.title, article_versions.c.text)
    held = sa.select(*columns).where(
        article_versions.c.article_id == article_id, article_versions.c.digest != ""
    )
    for row in connection.execute(held).all():
        digest = digest_of(f"{row.title or ''}\n\n{row.text}".encode())
        this = article_versions.c.id == row.id
        connection.execute(sa.update(article_versions).where(this).values(digest=digest))


def _captures(connection: sa.Connection, items: Iterable[tuple[str, str]]) -> set[str]:
    """The captures of these items that hold a body, whatever address they came from."""
    ids: set[str] = set()
    for what, about in items:
        if what == "article":
            ids |= erasing.captures_of(connection, about)
        elif what == "report":
            held: Any = connection.execute(
                sa.select(reports.c.capture_id).where(reports.c.id == about)
            ).scalar()
            ids |= {held} if held else set()
    return {captures.with_body(connection, captures.get(connection, id_)).id for id_ in ids} | ids
