"""The file of a new source and its example, written into a newsroom's own folder."""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from crawler.errors import CrawlFailed, SourceExists
from crawler.examples import EXAMPLES, given
from crawler.newcomers.findings import Finding
from crawler.source import SourceSpider
from crawler.sources import declared_in
from storage.addresses import host
from storage.errors import OnRecordError

_SECOND_LEVELS: Final = frozenset({"co", "org", "com", "gov", "net", "ac"})
_FILE: Final = '''"""{about}: {home}

Written by a look at the site. Read the example beside it, say who read it, and set terms.
"""

from {module} import {base}


class {cls}({base}):
    """{how}"""

    name = "{name}"
    title = {title}
    hosts = ({host},)
    area = ()  # the authorities it covers, as ("Bolton", "Bury")
    terms = {terms}
    shown_to = "newsroom"  # nobody, newsroom, public
{starts}'''


@dataclass(frozen=True, kw_only=True)
class Declared:
    """The files of a new source."""

    name: str
    file: Path
    example: Path
    expectation: Path


def place_of(name: str, folder: Path) -> Declared:
    """Where the files of a new source go; SourceExists where one is there already."""
    declared = Declared(
        name=name,
        file=folder / f"{name}.py",
        example=folder / EXAMPLES / name / "article.html",
        expectation=folder / EXAMPLES / name / "article.json",
    )
    if declared.file.exists():
        raise SourceExists(f"{declared.file} is there already; change it, or give another --name")
    return declared


def declare(finding: Finding, declared: Declared) -> None:
    """Write the source's file and its example."""
    declared.example.parent.mkdir(parents=True, exist_ok=True)
    declared.file.write_text(file_of(finding, declared.name))
    declared.example.write_bytes(finding.page)
    try:
        (spider,) = declared_in(declared.file)
        _write_expectation(spider, declared)
    except OnRecordError as error:  # half a source would fail every crawl
        declared.file.unlink()
        declared.example.unlink()
        declared.example.parent.rmdir()
        shown = ", even after its scripts ran" if finding.javascript else ""
        raise CrawlFailed(f"{finding.story}: its story cannot be read{shown} ({error})") from None


def file_of(finding: Finding, name: str) -> str:
    """The source's file, ten lines over its platform."""
    base = finding.platform
    lines = [
        f"    {kind} = {_tuple(urls)}" for kind in ("feeds", "sitemaps") if (urls := getattr(finding, kind))
    ]
    if base and not re.search(base.stories, urlsplit(finding.story).path):
        lines.append('    stories = ""  # its addresses are not those of the platform: any page counts')
    if finding.javascript:
        lines.append("    javascript = True  # only scripts fill its pages")
    return _FILE.format(
        title=_quoted(finding.title),
        about=_plain(finding.title),
        home=finding.home,
        module=base.__module__ if base else "crawler.news",
        base=base.__name__ if base else "NewsSpider",
        cls="".join(part.capitalize() for part in name.split("_")),
        how="On a platform known here."
        if base
        else "On no platform known here: pages are read by their own data.",
        name=name,
        host=_quoted(host(finding.home)),
        terms=_quoted((base and base.terms) or f"not read yet: {finding.home}"),
        starts="".join(f"{line}\n" for line in lines),
    )


def name_of(home: str) -> str:
    """``https://www.the-bolton-news.co.uk/`` is the_bolton_news."""
    labels = [label for label in host(home).split(".") if label not in {"www", "news"}]
    while len(labels) > 1 and (
        len(labels[-1]) <= 3 or labels[-1] in _SECOND_LEVELS | {"example", "info", "news"}
    ):
        labels.pop()
    name = re.sub(r"\W+", "_", "_".join(labels)).strip("_").lower()
    return name if name[:1].isalpha() else f"source_{name}"


def _write_expectation(spider: type[SourceSpider], declared: Declared) -> None:
    told = {"read_by": None} | given(spider, "article", declared.example.read_bytes())
    declared.expectation.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n")


def _tuple(urls: tuple[str, ...]) -> str:
    return "(" + " ".join(f"{_quoted(url)}," for url in urls) + ")"


def _quoted(text: str) -> str:
    """As a string of Python, in double quotes like all others of the file."""
    return json.dumps(text, ensure_ascii=False)


def _plain(title: str) -> str:
    return re.sub(r'["\\\n]', " ", title)
