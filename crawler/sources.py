"""Every source there is, by name: in ``crawler.spiders``, in further modules, in a newsroom's own folder."""

import sys
from collections.abc import Iterable, Iterator, Sequence
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Final

from scrapy.settings import Settings
from scrapy.spiderloader import SpiderLoader

from crawler import settings as ours
from crawler.discovery.leads import web_address
from crawler.errors import BrokenSource, NoSuchSource
from crawler.source import SHOWN_TO, SourceSpider

_SEVERAL: Final = ("hosts", "area", "feeds", "sitemaps", "listings", "archives", "expects")


def crawl_settings(modules: Iterable[str] = ()) -> Settings:
    """Scrapy's settings for a crawl of our sources and those in ``modules``."""
    settings = Settings()
    settings.setmodule(ours, priority="project")
    settings.set("SPIDER_MODULES", [*ours.SPIDER_MODULES, *modules], priority="cmdline")
    return settings


def known_sources(settings: Settings, folders: Iterable[str] = ()) -> dict[str, type[SourceSpider]]:
    """The sources by name, in their order; a newsroom's own file stands before ours of the same name."""
    loader = SpiderLoader.from_settings(settings)
    loaded = {name: loader.load(name) for name in loader.list()}
    found = {name: spider for name, spider in loaded.items() if issubclass(spider, SourceSpider)}
    own: dict[str, Path] = {}
    for path in (path for folder in folders for path in sorted(Path(folder).glob("*.py"))):
        for spider in declared_in(path):
            if (before := own.get(spider.name, path)) != path:
                raise BrokenSource(
                    f"{path}: {spider.name} is declared in {before} too; give one another name"
                )
            own[spider.name], found[spider.name] = path, spider
    return dict(sorted(found.items()))


def declared_in(path: Path) -> Iterator[type[SourceSpider]]:
    """The sources of one file; BrokenSource where it cannot be read or says too little."""
    spec = spec_from_file_location(f"onrecord_sources_{path.stem}", path)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    sys.modules[spec.name] = module
    try:
        spec.loader.exec_module(module)
        own = [
            one for one in vars(module).values() if isinstance(one, type) and issubclass(one, SourceSpider)
        ]
        own = [one for one in own if one.__module__ == spec.name]
        amiss = [fault for spider in own for fault in _amiss(spider)]
    except Exception as error:  # a person's file, in whatever state it is
        raise BrokenSource(f"{path}: {type(error).__name__}: {error}") from None
    if not own:
        raise BrokenSource(f"{path} declares no source; it needs one class over a platform")
    if amiss:
        raise BrokenSource(f"{path}: {amiss[0]}")
    yield from own


def _amiss(spider: type[SourceSpider]) -> Iterator[str]:
    """What a declaration lacks, each with what to write; whatever raises is for the caller to tell."""
    if absent := [name for name in ("name", "title", "hosts") if not getattr(spider, name, None)]:
        yield f"{spider.__name__} says no {' and no '.join(absent)}"
        return
    for name in _SEVERAL:
        if isinstance(value := getattr(spider, name, ()), str):
            yield f'{name} = "{value}" is one text, not a list of them: write {name} = ("{value}",)'
            return
    if spider.declared().shown_to not in SHOWN_TO:
        yield f"shown_to is one of {', '.join(SHOWN_TO)}, not {spider.shown_to}"
    starts = spider.starts()
    if not starts:
        yield "there is nothing to begin at: it needs feeds, sitemaps or listings"
    for start in starts:
        if web_address("", start.url) is None:
            yield f"{start.url!r} is no web address: write it whole, as https://www.example.org/feed/"
    if getattr(spider, "listings", ()) and getattr(spider, "listing", None) is None:
        yield "listings need a listing: Listing(links=…), which says what on the page leads to stories"


def chosen(known: dict[str, type[SourceSpider]], names: Sequence[str]) -> dict[str, type[SourceSpider]]:
    """The named sources; NoSuchSource lists what there is."""
    if unknown := [name for name in names if name not in known]:
        raise NoSuchSource(f"no source is called {unknown[0]!r}; `onrecord sources list` names them all")
    return {name: known[name] for name in names}
