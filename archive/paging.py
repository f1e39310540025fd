"""Pages of a long list, each an address: what the request asks for, and where the neighbours are."""

from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from starlette.datastructures import QueryParams
from starlette.requests import Request

from storage.errors import UsageMistake

_LAST: Final = 100_000  # no list is longer; a larger number is a mistake or an attack


@dataclass(frozen=True, kw_only=True)
class Page:
    """One page of a list: ``size`` lines beginning at ``first``, of ``total``."""

    number: int
    size: int
    total: int
    path: str
    params: tuple[tuple[str, str], ...]

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return max(1, -(-self.total // self.size))

    @property
    def first(self) -> int:
        """The place of the first line, from 0."""
        return (self.number - 1) * self.size

    @property
    def before(self) -> str | None:
        """The address of the page before."""
        return self.address(page=self.number - 1) if self.number > 1 else None

    @property
    def after(self) -> str | None:
        """The address of the page after."""
        return self.address(page=self.number + 1) if self.number < self.pages else None

    def address(self, *, path: str | None = None, **changed: Any) -> str:
        """The same address with something changed; ``None`` takes it away, and page 1 needs no number."""
        kept = [(name, value) for name, value in self.params if name not in changed and name != "page"]
        kept += [
            (name, str(value))
            for name, value in changed.items()
            if value is not None and (name, value) != ("page", 1)
        ]
        return (path or self.path) + (f"?{urlencode(kept)}" if kept else "")


def page_of(request: Request, total: int, *, size: int = 50) -> Page:
    """The page that the request asks for, the last one where it asks for more; UsageMistake for no number."""
    wanted = page_number(request.query_params)
    pages = max(1, -(-total // size))
    return Page(
        number=min(wanted, pages),
        size=size,
        total=total,
        path=request.url.path,
        params=tuple((name, value) for name, value in request.query_params.multi_items() if value),
    )


def page_number(params: QueryParams) -> int:
    """``?page=``; 1 where there is none; UsageMistake for what is no number of a page."""
    text = params.get("page") or "1"
    if not (text.isascii() and text.isdecimal() and len(text) <= 6 and 1 <= int(text) <= _LAST):
        raise UsageMistake(f"page={text[:30]} is no number of a page")
    return int(text)
