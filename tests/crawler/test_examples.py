"""Every source has an example, and every example gives what was written down when a person had read it."""

import json
from pathlib import Path

import pytest

from crawler import settings
from crawler.news import NewsSpider
from tests.crawler.examples import PAGES, SOURCES, given

_OWN_PACE = {"ROBOTSTXT_OBEY", "USER_AGENT", "DOWNLOAD_DELAY", "AUTOTHROTTLE_ENABLED", "COOKIES_ENABLED"}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: f"{page.parent.name}/{page.stem}")
def test_an_example_gives_what_is_written_beside_it(page: Path) -> None:
    assert given(page) == json.loads(page.with_suffix(".json").read_text())


@pytest.mark.parametrize("name", SOURCES)
def test_a_source_has_an_example(name: str) -> None:
    assert [page for page in PAGES if page.parent.name == name], f"save a page as tests/examples/{name}/"


@pytest.mark.parametrize("name", SOURCES)
def test_a_source_is_declared_whole(name: str) -> None:
    spider = SOURCES[name]
    assert spider.__module__.rsplit(".", 1)[-1] == name, "a source is called as its file is"
    assert spider.title
    assert spider.starts()
    assert all(start.url.startswith("https://") for start in spider.starts())
    assert all(start.kind and hasattr(spider, f"read_{start.kind}") for start in spider.starts())
    assert spider.terms, "say under which terms its text comes"
    assert spider.shown_to in {"nobody", "newsroom", "public"}
    assert len(Path(spider.__module__.replace(".", "/") + ".py").read_text().splitlines()) <= 60
    if issubclass(spider, NewsSpider):
        assert spider.template is not None


@pytest.mark.parametrize("name", SOURCES)
def test_no_source_sets_its_own_manners(name: str) -> None:
    own = SOURCES[name].custom_settings or {}
    assert not _OWN_PACE & set(own)
    assert "Mozilla" not in settings.USER_AGENT
    assert "crawler.middlewares.HostFiles" in settings.DOWNLOADER_MIDDLEWARES, "robots.txt is kept there"


def test_no_example_is_of_a_source_that_is_not_there() -> None:
    assert {page.parent.name for page in PAGES} <= set(SOURCES)
