"""Tables in Markdown: all sources, as the README has them, and how their last check went."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Final

from storage.errors import UsageMistake
from storage.records import Source

if TYPE_CHECKING:
    from crawler.checking import Checked

BEGIN: Final = "<!-- sources: written by `onrecord sources table --into README.md` -->"
END: Final = "<!-- end of sources -->"
_KINDS: Final = {"news": "paper", "register": "register, tables", "reports": "inspection reports"}


def sources(declared: Iterable[Source]) -> str:
    """Name, who it is, what kind, to whom its text may be shown, by which terms."""
    rows = [
        (
            f"`{one.name}`",
            f"[{one.title}]({one.home})",
            _KINDS[one.kind],
            one.area or "",
            one.shown_to,
            _linked(one.terms),
        )
        for one in declared
    ]
    return _table(("source", "what", "kind", "covers", "shown to", "terms"), rows)


def status(checked: "Iterable[Checked]", titles: Mapping[str, str], at: dt.datetime) -> str:
    """How each source does."""
    rows = [
        (
            f"`{one.source}`",
            titles[one.source],
            one.outcome.replace("_", " "),
            ", ".join(one.fields),
            one.reason,
        )
        for one in checked
    ]
    head = f"Checked on {at:%d %B %Y, %H:%M} UTC\n\n"
    return head + _table(("source", "what", "outcome", "fields", "reason"), rows) + "\n"


def between_marks(text: str, table: str) -> str:
    """The text with the table between its marks; UsageMistake where they are not there."""
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise UsageMistake(f"the file has no lines {BEGIN} and {END}")
    return f"{before}{BEGIN}\n\n{table}\n\n{END}{after}"


def _linked(terms: str | None) -> str:
    return f"[terms]({terms})" if (terms or "").startswith("http") else terms or ""


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)
