"""Columns by their type, so that a table's declaration reads as a table."""

from functools import partial
from typing import Protocol

from archive.export.tabled import Column, Kind


class _Of(Protocol):
    def __call__(
        self, name: str, told: str, source: str, *, unit: str | None = None, of: tuple[Column, ...] = ()
    ) -> Column: ...


def _column(
    name: str, told: str, source: str, *, kind: Kind, unit: str | None = None, of: tuple[Column, ...] = ()
) -> Column:
    return Column(name=name, kind=kind, told=told, source=source, unit=unit, of=of)


def _of(kind: Kind) -> _Of:
    return partial(_column, kind=kind)


text, whole, number, flag = _of("text"), _of("whole"), _of("number"), _of("flag")
day, moment, texts, records = _of("day"), _of("moment"), _of("texts"), _of("records")
