"""What files of articles say: which kind a file is, and the articles of its lines."""

import dataclasses
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from w3lib.encoding import html_to_unicode

from storage.dates import PartialDate
from storage.errors import RefusedFile, UsageMistake
from storage.records import Article
from storage.warc_files import is_warc

Kind = Literal["jsonl", "html", "text", "warc"]

_KINDS: dict[str, Kind] = {
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".txt": "text",
    ".text": "text",
}
_ELSEWHERE = (
    (b"%PDF-", "is a PDF; bring reports in with `onrecord import reports`"),
    (b"PK\x03\x04", "is a ZIP or an office document; save its pages as HTML or text"),
    (b"\x1f\x8b", "is compressed; unpack it first"),
)
_FIELDS = ("url", "outlet", "title", "byline", "published", "text", "html", "id", "external_id")
_TEXT_FIELDS = ("outlet", "title", "byline", "text", "html")
_BOM = b"\xef\xbb\xbf"
_LONGEST_TITLE = 200  # characters of a text file's first line


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line of an ``articles.jsonl``: an article, or the markup that its text must be read from."""

    number: int
    article: Article
    html: str | None = None


def walk(paths: Iterable[Path]) -> list[Path]:
    """The files named, and those in the folders named whose ending is an article file's."""
    files: list[Path] = []
    for path in paths:
        if not path.exists():
            raise UsageMistake(f"{path}: there is no such file or folder")
        found = sorted(one for one in path.rglob("*") if _wanted(one)) if path.is_dir() else [path]
        if not found:
            raise RefusedFile(str(path), f"no article files in it ({', '.join(_KINDS)})")
        files += found
    return files


def kind_of(path: Path, content: bytes) -> Kind:
    """Which kind of article file it is, by its ending and its first bytes; RefusedFile otherwise.

    ``content``: at least the first few kilobytes.
    """
    if is_warc(path.name) and content:
        return "warc"
    head = content.lstrip(b"\xef\xbb\xbf \t\r\n")
    if not head:
        raise RefusedFile(path.name, "the file is empty")
    for magic, reason in _ELSEWHERE:
        if head.startswith(magic):
            raise RefusedFile(path.name, reason)
    kind = _KINDS.get(path.suffix.lower())
    if kind is None:
        endings = ", ".join(_KINDS)
        raise RefusedFile(path.name, f"no file of articles: its name should end in one of {endings}")
    if b"\x00" in content[:8192] and not content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise RefusedFile(path.name, "the file is binary, not text")
    return kind


def read_lines(path: Path) -> Iterator[Line]:
    """The articles of a file with one JSON object a line; RefusedFile names the first line that is wrong."""
    empty = True
    with path.open("rb") as file:
        for number, raw in enumerate(file, start=1):
            if raw.strip():
                empty = False
                try:
                    yield _line(number, raw.removeprefix(_BOM) if number == 1 else raw)
                except ValueError as fault:
                    raise RefusedFile(path.name, f"line {number}: {fault}; nothing was imported") from None
    if empty:
        raise RefusedFile(path.name, "the file is empty")


def read_text(path: Path, content: bytes) -> Article:
    """A plain text file: its first line is the title where an empty line follows."""
    _, text = html_to_unicode(None, content, default_encoding="cp1252", auto_detect_fun=_utf8)
    text = _clean(text).replace("\r\n", "\n").strip()
    first, _, rest = text.partition("\n")
    titled = bool(rest.strip()) and rest.startswith("\n") and len(first) <= _LONGEST_TITLE
    return Article(
        url=f"file:{path.name}",
        text=rest.strip() if titled else text,
        title=first.strip() if titled else None,
        external_id=path.stem,
    )


def merged(line: Line, page: Article) -> Article:
    """A line's article with what its markup adds; what the line says itself stands."""
    told = {
        field.name: value
        for field in dataclasses.fields(Article)
        if (value := getattr(line.article, field.name)) not in (None, "", (), "none")
    }
    return dataclasses.replace(page, **told)


def _wanted(path: Path) -> bool:
    hidden = any(part.startswith(".") for part in path.parts[-1:])
    return (path.suffix.lower() in _KINDS or is_warc(path.name)) and path.is_file() and not hidden


def _line(number: int, raw: bytes) -> Line:
    """One line; ValueError says what is wrong with it."""
    given = _json(raw)
    for name in _TEXT_FIELDS:
        if not isinstance(given.get(name), str | None):
            raise ValueError(f"{name!r} must be text")
    said = {name: _clean(value) for name in _FIELDS if isinstance(value := given.get(name), str)}
    if not said.get("url", "").strip():
        raise ValueError("it has no 'url'")
    text, html = said.get("text", ""), said.get("html")
    if not text.strip() and not html and not said.get("title"):
        raise ValueError("it has neither 'text' nor 'html'")
    external_id = given.get("external_id") if given.get("id") is None else given["id"]
    article = Article(
        url=said["url"].strip(),
        text=text,
        title=said.get("title"),
        byline=said.get("byline"),
        outlet=said.get("outlet"),
        published=_date(given.get("published")),
        published_from="page" if given.get("published") else "none",
        external_id=None if external_id is None else _clean(str(external_id)),
    )
    return Line(number=number, article=article, html=html if html and not text.strip() else None)


def _json(raw: bytes) -> dict[str, Any]:
    try:
        given = json.loads(raw.decode("utf-8"))
    except UnicodeDecodeError:
        raise ValueError("it is not UTF-8") from None
    except json.JSONDecodeError as error:
        raise ValueError(f"it is no JSON ({error.msg} at character {error.pos + 1})") from None
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    if not isinstance(given, dict):
        raise ValueError("it is no JSON object; write one article a line")
    return given


def _date(value: object) -> PartialDate | None:
    if value is None or value == "":
        return None
    if not isinstance(value, str | int) or isinstance(value, bool):
        raise ValueError("'published' must be an ISO date")
    try:
        return PartialDate.parse(str(value))
    except ValueError:
        raise ValueError(f"'published' is no ISO date: {value!r} (2022, 2022-08 or 2022-08-03)") from None


def _clean(text: str) -> str:
    """Without what no database takes: NUL, and halves of surrogate pairs."""
    whole = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return whole.replace("\x00", "")


def _utf8(content: bytes) -> str | None:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return "utf-8"
