"""The whole of the demo's web: every site by its host."""

from functools import lru_cache

from onrecord.demo.background import background
from onrecord.demo.frontmatter import table
from onrecord.demo.pages import Site
from onrecord.demo.press import paper
from onrecord.demo.regulator import files_site, reports_site
from onrecord.demo.server import Web
from onrecord.demo.settings import Setting, featured
from onrecord.demo.stories import outlets
from onrecord.demo.tables import Table, tables


@lru_cache(maxsize=1)
def register() -> tuple[Setting, ...]:
    """Every setting of the demo, the ones of the stories first."""
    return (*featured(), *background())


@lru_cache(maxsize=1)
def published() -> tuple[Table, ...]:
    """The regulator's tables."""
    return tuple(tables(register()))


def web() -> Web:
    """The three papers and the two sites of the regulator, in the order of their ports."""
    regulator = table("outlets.toml")["regulator"]
    sites: dict[str, Site] = {one.host: paper(one, f"https://{one.host}") for one in outlets()}
    sites[regulator["reports"]] = reports_site(featured(), published(), f"https://{regulator['files']}")
    sites[regulator["files"]] = files_site(published())
    return Web(sites=sites)
