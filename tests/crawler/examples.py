"""The golden examples of the sources that come with On Record."""

from pathlib import Path
from typing import Any

from crawler import examples
from crawler.sources import crawl_settings, known_sources

FOLDER = Path(__file__).parent.parent / "examples"
SOURCES = known_sources(crawl_settings())
PAGES = sorted(path for path in FOLDER.glob("*/*.*") if path.suffix != ".json")


def given(path: Path) -> Any:
    """What the page gives today, as JSON would hold it."""
    return examples.given(SOURCES[path.parent.name], path.stem, path.read_bytes())
