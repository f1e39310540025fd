"""Every source there is, by name: those in ``crawler.spiders`` and in further modules that are named."""

from collections.abc import Iterable, Sequence

from scrapy.settings import Settings
from scrapy.spiderloader import SpiderLoader

from crawler import settings as ours
from crawler.errors import NoSuchSource
from crawler.source import SourceSpider


def crawl_settings(modules: Iterable[str] = ()) -> Settings:
    """Scrapy's settings for a crawl of our sources and those in ``modules``."""
    settings = Settings()
    settings.setmodule(ours, priority="project")
    settings.set("SPIDER_MODULES", [*ours.SPIDER_MODULES, *modules], priority="cmdline")
    return settings


def known_sources(settings: Settings) -> dict[str, type[SourceSpider]]:
    """The sources by name, in the order of their names."""
    loader = SpiderLoader.from_settings(settings)
    loaded = {name: loader.load(name) for name in sorted(loader.list())}
    return {name: spider for name, spider in loaded.items() if issubclass(spider, SourceSpider)}


def chosen(known: dict[str, type[SourceSpider]], names: Sequence[str]) -> dict[str, type[SourceSpider]]:
    """The named sources; NoSuchSource lists what there is."""
    if unknown := [name for name in names if name not in known]:
        raise NoSuchSource(f"no source is called {unknown[0]!r}; `onrecord sources list` names them all")
    return {name: known[name] for name in names}
