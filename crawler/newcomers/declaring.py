"""The file of a new source and its example, written into a newsroom's own folder."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from keyword import iskeyword
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from crawler.errors import CrawlFailed, SourceExists
from crawler.examples import EXAMPLES, given
from crawler.newcomers.findings import Finding
from crawler.newcomers.visit import STORY
from crawler.source import SourceSpider
from crawler.sources import declared_in
from storage.addresses import host
from storage.errors import OnRecordError

_SECOND_LEVELS: Final = frozenset({"co", "org", "com", "gov", "net", "ac"})
_FILE: Final = '''"""{about}: {home}

Written by a look at the site. Read the example beside it, say who read it, and set terms.
"""

{imports}from {module} import {base}


class {cls}({base}):
    """{how}"""

    name = "{name}"
    title = {title}
    hosts = {hosts}
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
    return _FILE.format(
        title=_quoted(finding.title),
        about=_plain(finding.title),
        home=finding.home,
        imports="from crawler.discovery.listings import Listing\n" if _needs_listing(finding) else "",
        module=base.__module__ if base else "crawler.news",
        base=base.__name__ if base else "NewsSpider",
        cls=_class_of(name, base.__name__ if base else "NewsSpider"),
        how="On a platform known here."
        if base
        else "On no platform known here: pages are read by their own data.",
        name=name,
        hosts=_tuple(finding.hosts),
        terms=_quoted((base and base.terms) or f"not read yet: {finding.home}"),
        starts="".join(f"    {line}\n" for line in _starts(finding)),
    )


def _starts(finding: Finding) -> Iterator[str]:
    """Where a crawl begins, and what of it is a story."""
    for kind in ("feeds", "sitemaps", "listings"):
        if urls := getattr(finding, kind):
            yield f"{kind} = {_tuple(urls)}"
    if _needs_listing(finding):
        yield 'listing = Listing(links="a[href]", next_page="a[rel=\'next\']")'
    fits = finding.platform and re.search(finding.platform.stories, urlsplit(finding.story).path)
    if finding.listings and not (fits and finding.platform and finding.platform.stories):
        yield f'stories = r"{STORY}"  # of all links those that end in the words of a headline'
    elif finding.platform and not fits:
        yield 'stories = ""  # its addresses are not those of the platform: any page counts'
    if finding.javascript:
        yield "javascript = True  # only scripts fill its pages"


def _needs_listing(finding: Finding) -> bool:
    """Whether its stories are found by links alone, where the platform's selector finds none."""
    return bool(finding.listings) and not finding.listed


def _class_of(name: str, base: str) -> str:
    """``bolton_news`` is BoltonNews; never what Python keeps for itself, nor what the file imports."""
    made = "".join(part.capitalize() for part in name.split("_"))
    return f"{made}Paper" if iskeyword(made) or made in {base, "Listing"} else made


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
    return "(" + ", ".join(map(_quoted, urls)) + ("," if len(urls) == 1 else "") + ")"


def _quoted(text: str) -> str:
    """As a string of Python, in double quotes like all others of the file."""
    return json.dumps(text, ensure_ascii=False)


def _plain(title: str) -> str:
    return re.sub(r'["\\\n]', " ", title)
