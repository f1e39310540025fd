"""``onrecord sources``: what is crawled, a new source, and whether each still works."""

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from onrecord import config, tabling
from onrecord.commands.crawling import Names, known, order_of
from onrecord.options import Archive, Json, can_be_written, open_store, print_json, say
from storage import alarms, checks
from storage import sources as stored
from storage.dates import utc_now
from storage.errors import UsageMistake

if TYPE_CHECKING:
    from crawler.checking import Checked

sources_app = typer.Typer(name="sources", help="What is crawled, and whether it works.", no_args_is_help=True)

Into = Annotated[
    Path | None, typer.Option("--into", metavar="FILE", help="Write it there, between the marks in the file.")
]


@sources_app.command("list")
def sources_list(archive: Archive = None, as_json: Json = False) -> None:
    """List every source that can be crawled, how its last check went, and what is wrong with it.

    Example: onrecord sources list
    """
    declared = [spider.declared() for spider in known().values()]
    checked_last, wrong = _known_of_them(archive)
    if as_json:
        print_json(
            [
                dataclasses.asdict(one)
                | {"check": checked_last.get(one.name), "alarms": wrong.get(one.name, [])}
                for one in declared
            ]
        )
        return
    width = max(len(source.name) for source in declared)
    for source in declared:
        checked = checked_last.get(source.name)
        told = f"  [{checked['outcome'].replace('_', ' ')} on {checked['at']:%d %B %Y}]" if checked else ""
        say(f"{source.name:{width}}  {source.kind:8}  {source.title}  {source.home}{told}")
        for reason in wrong.get(source.name, []):
            say(f"{'':{width}}  alarm: {reason}")


@sources_app.command("add")
def sources_add(
    url: Annotated[str, typer.Argument(metavar="URL", help="The site's home page, or a section of it.")],
    *,
    name: Annotated[
        str | None, typer.Option("--name", help="What to call it [default: by its host].")
    ] = None,
    as_json: Json = False,
) -> None:
    """Look at a site and write it down as a source: its feeds, its sitemap, its platform, an example page.

    A site with neither feed nor sitemap is followed by the links on that page. The files lie in the
    newsroom's own folder (sources/). `onrecord sources check` fails for it until a person has compared the
    example with what was read of it, and has put their name at read_by.

    Example: onrecord sources add https://www.example.org/news/
    """
    from crawler.discovery.leads import web_address
    from crawler.newcomers.declaring import declare, name_of, place_of
    from crawler.newcomers.findings import look

    if web_address("", url) is None:
        raise UsageMistake(f"{url}: give the address of a site, as https://www.example.org/")
    if name is not None and not (name.isidentifier() and name.islower()):
        raise UsageMistake(f"--name {name}: small letters, digits and _, as bolton_news")
    settings = config.load()
    made = place_of(name or name_of(url), Path(settings.sources))
    finding = look(url, order_of(settings, ()))
    declare(finding, made)
    platform = finding.platform.__name__ if finding.platform else None
    if as_json:
        starts = {kind: getattr(finding, kind) for kind in ("feeds", "sitemaps", "listings")}
        print_json(dataclasses.asdict(made) | {"platform": platform, **starts, "story": finding.story})
        return
    say(f"{made.file}: {finding.title}, on {platform or 'no platform known here'}")
    say(f"  feeds: {', '.join(finding.feeds) or 'none'}; sitemaps: {', '.join(finding.sitemaps) or 'none'}")
    if finding.listings:
        say(f"  stories are found by the links on {finding.listings[0]}")
    say(f"Now compare {made.expectation} with {made.example}, and correct what is wrong.")
    say(f'Put your name at "read_by", and area and terms into {made.file.name}.')
    say(f"Then: onrecord sources check {made.name}")


@sources_app.command("check")
def sources_check(
    names: Names = None,
    *,
    table: Annotated[
        Path | None,
        typer.Option(
            "--table",
            metavar="FILE",
            callback=can_be_written,
            help="Write the status table there, as Markdown.",
        ),
    ] = None,
    archive: Archive = None,
    as_json: Json = False,
) -> None:
    """Fetch one page of each kind of each source, live, and say in one line how it went.

    Nothing comes into the archive but how the check went; `onrecord sources list` shows it.

    Example: onrecord sources check bolton_news
    """
    from crawler.checking import check
    from crawler.examples import faults
    from crawler.sources import chosen

    settings, every = config.load(), known()
    wanted = chosen(every, names) if names else every
    own = Path(settings.sources)
    unread = {
        one: list(faults(spider, own)) for one, spider in wanted.items() if (own / f"{one}.py").exists()
    }
    checked = check(every, order_of(settings, tuple(wanted)))
    at = utc_now()
    with open_store(archive, write=True) as store, store.writing() as connection:
        for one in checked:
            stored.save(connection, wanted[one.source].declared())
            told = {"url": one.url, "fields": one.fields, "missing": one.missing, "reason": one.reason}
            checks.save(connection, one.source, one.outcome, told, at=at)
    if table:
        table.write_text(tabling.status(checked, {name: spider.title for name, spider in wanted.items()}, at))
    if as_json:
        print_json([dataclasses.asdict(one) | {"examples": unread.get(one.source, [])} for one in checked])
    else:
        for one in checked:
            say(_line(one))
            for fault in unread.get(one.source, []):
                say(f"{one.source}: example: {fault}")
    if not all(one.works for one in checked) or any(unread.values()):
        raise typer.Exit(1)


@sources_app.command("table")
def sources_table(into: Into = None) -> None:
    """Print the table of all sources that come with On Record, as the README has it.

    Example: onrecord sources table --into README.md
    """
    from crawler.sources import crawl_settings, known_sources

    table = tabling.sources([spider.declared() for spider in known_sources(crawl_settings()).values()])
    if into is None:
        say(table)
    elif not into.is_file():
        raise UsageMistake(f"{into}: there is no such file; the table is written between marks in one")
    else:
        into.write_text(tabling.between_marks(into.read_text(), table))


def _line(one: "Checked") -> str:
    said = f" ({one.reason})" if one.reason else ""
    fields = f": {', '.join(one.fields)}" if one.fields else ""
    return f"{one.source}: {one.outcome.replace('_', ' ')}{said}{fields}{f'  {one.url}' if one.url else ''}"


def _known_of_them(archive: str | None) -> tuple[dict[str, dict[str, Any]], dict[str, list[str]]]:
    """The last check of each source, and its alarms; nothing where there is no archive yet."""
    place = Path(archive or config.load().archive)
    if "://" not in str(archive or config.load().archive) and not place.exists():
        return {}, {}
    wrong: dict[str, list[str]] = {}
    with open_store(archive) as store, store.reading() as connection:
        for alarm in alarms.raised(connection):
            wrong.setdefault(alarm.source_id, []).append(alarm.reason)
        return checks.latest(connection), wrong


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.add_typer(sources_app)
