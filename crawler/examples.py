"""Golden examples: a saved page of a source, and what it must give, as a person who read it wrote down.

``EXAMPLES/SOURCE/KIND.html`` beside ``KIND.json``; KIND is what the frontier calls such an address. In a
newsroom's own folder the expectation bears ``read_by``: until a person's name stands there, it fails.
"""

import dataclasses
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from crawler.answer_sites import AnswerSite
from crawler.discovery.listings import read_listing
from crawler.extract.html import read_page
from crawler.extract.ofsted import read_search, read_setting
from crawler.news import NewsSpider
from crawler.registers import RegisterFiles
from crawler.regulators.answers import read_answers
from crawler.source import SourceSpider
from storage.errors import OnRecordError
from storage.records import InspectionClaim, RegisterRow

EXAMPLES: Final = "examples"


def given(spider: type[SourceSpider], kind: str, content: bytes) -> Any:
    """What a page of that kind gives today, as JSON holds it."""
    return json.loads(json.dumps(_read(spider, kind, content), default=str))


def faults(spider: type[SourceSpider], folder: Path) -> Iterator[str]:
    """What is wrong with the examples of a newsroom's own source: one line each."""
    pages = sorted((folder / EXAMPLES / spider.name).glob("*.html"))
    if not pages:
        yield f"no example: save a page as {folder / EXAMPLES / spider.name / 'article.html'}"
    for page in pages:
        try:
            expected = json.loads(page.with_suffix(".json").read_text())
            today = given(spider, page.stem, page.read_bytes())
        except (OSError, ValueError, OnRecordError) as error:
            yield f"{page.with_suffix('.json')}: {error}"
            continue
        read_by = expected.pop("read_by", None) if isinstance(expected, dict) else "someone"
        if wrong := [name for name in expected if today.get(name) != expected[name]]:
            yield f"{page} gives another {', '.join(wrong)} than {page.stem}.json says"
        elif not read_by:
            yield f"{page.with_suffix('.json')} is not read yet: compare it with the page, fill in read_by"


def _read(spider: type[SourceSpider], kind: str, content: bytes) -> Any:
    home = f"https://{spider.hosts[0]}/"
    if issubclass(spider, NewsSpider):
        story = read_page(content, home, "text/html; charset=utf-8", spider.template)
        article = dataclasses.asdict(story.article) | {"published": story.article.published}
        return article | {"extractor": None, "missing": story.missing, "free": story.free}
    if issubclass(spider, RegisterFiles):
        leads, _ = read_listing(content, home, spider.links)
        return [[lead.url, spider.told_of(lead)] for lead in leads]
    if issubclass(spider, AnswerSite):
        reading = read_answers("answer.json", content, "inspections")
        rows, claims = ([record for _, record in some] for some in (reading.rows, reading.claims))
        return {"rows": [_told(row) for row in rows], "claims": [_told(claim) for claim in claims]}
    if kind == "search":
        found, following = read_search(content, spider.starts()[0].url)
        return {"leads": [dataclasses.asdict(lead) for lead in found], "next": following}
    page = read_setting(content, f"{home}{_path(content)}")
    return dataclasses.asdict(page) | {"claims": [_told(claim) for claim in page.claims]}


def _path(content: bytes) -> str:
    """Where the example says that it lies; a council's number is told by nothing else."""
    found = re.search(rb'rel="canonical" href="https://[^/]+/([^"]+)"', content)
    return found[1].decode() if found else ""


def _told(record: RegisterRow | InspectionClaim) -> dict[str, Any]:
    return {name: value for name, value in dataclasses.asdict(record).items() if value is not None}
