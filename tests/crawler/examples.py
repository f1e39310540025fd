"""The golden examples: a saved page a source (invented, in the real markup), and what it must give.

``tests/examples/SOURCE/KIND.html`` beside ``KIND.json``; KIND is what the frontier calls such an address.
"""

import dataclasses
import json
from pathlib import Path
from typing import Any

from crawler.discovery.listings import read_listing
from crawler.extract.html import read_page
from crawler.extract.ofsted import read_search, read_setting
from crawler.news import NewsSpider
from crawler.registers import RegisterFiles
from crawler.source import SourceSpider
from crawler.sources import crawl_settings, known_sources

FOLDER = Path(__file__).parent.parent / "examples"
SOURCES = known_sources(crawl_settings())
PAGES = sorted(FOLDER.glob("*/*.html"))


def given(path: Path) -> Any:
    """What the page gives today, as JSON would hold it."""
    spider = SOURCES[path.parent.name]
    return json.loads(json.dumps(_read(spider, path.stem, path.read_bytes()), default=str))


def _read(spider: type[SourceSpider], kind: str, content: bytes) -> Any:
    home = f"https://{spider.hosts[0]}/"
    if issubclass(spider, NewsSpider):
        page = read_page(content, home, "text/html; charset=utf-8", spider.template)
        article = dataclasses.asdict(page.article) | {"published": page.article.published}
        return article | {"extractor": None, "missing": page.missing, "free": page.free}
    if issubclass(spider, RegisterFiles):
        leads, _ = read_listing(content, home, spider.links)
        return [[lead.url, spider.told(lead.title or "")] for lead in leads]
    if kind == "search":
        found, following = read_search(content, spider.starts()[0].url)
        return {"leads": [dataclasses.asdict(lead) for lead in found], "next": following}
    page = dataclasses.asdict(read_setting(content, f"{home}provider/2/SC990001"))
    told = [{name: value for name, value in claim.items() if value is not None} for claim in page["claims"]]
    return page | {"claims": told}
