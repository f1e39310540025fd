"""The ONS's codes of authorities beside their names: what other datasets are joined on."""

from collections.abc import Iterable
from typing import Annotated, Any

import sqlalchemy as sa
from pydantic import Field

from storage.places import codes

Code = Annotated[str, Field(examples=["E08000001"])]


def coded(connection: sa.Connection, lines: Iterable[Any]) -> list[dict[str, Any]]:
    """The lines with the code of each one's authority."""
    held = [dict(vars(line)) for line in lines]
    known = codes(connection, {line["local_authority"] for line in held if line["local_authority"]})
    return [line | {"authority_code": known.get(line["local_authority"])} for line in held]


def place(line: dict[str, Any]) -> str:
    """A line's key in its list."""
    id_: str = line["id"]
    return id_
