"""Rows of an archive, read page by page as they are asked for; and as a data frame."""

import importlib
from collections.abc import Callable, Iterator
from typing import Any, Final, Literal

from onrecord.client.errors import NoFrames

Row = dict[str, Any]
Maker = Literal["pandas", "polars"]
_MAKERS: Final[tuple[Maker, ...]] = ("pandas", "polars")


class Listing:
    """Rows that are fetched while they are iterated, each time anew."""

    def __init__(self, rows: Callable[[], Iterator[Row]]) -> None:
        self._rows = rows

    def __iter__(self) -> Iterator[Row]:
        return self._rows()

    def frame(self, maker: Maker | None = None) -> Any:
        """All rows as a data frame of pandas, or of polars where that alone is installed; NoFrames."""
        return frames(maker).DataFrame(list(self))


def frames(maker: Maker | None = None) -> Any:
    """The library that makes data frames: the one that is named, else whichever is installed; NoFrames."""
    for name in (maker,) if maker else _MAKERS:
        try:
            return importlib.import_module(name)
        except ImportError:
            continue
    raise NoFrames(f"a data frame needs {maker or 'pandas or polars'}; pip install {maker or 'pandas'}")
