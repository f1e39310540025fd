"""``onrecord crawl``: fetch what is new, or what lies in a paper's archive between two days."""

import dataclasses
import datetime as dt
from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated

import typer

from onrecord import config
from onrecord.options import Archive, EvidenceAt, Json, open_store, print_json, say, warn
from storage import sources as stored
from storage.dates import utc_now
from storage.errors import EvidenceAway, UsageMistake

if TYPE_CHECKING:
    from crawler.news import NewsSpider
    from crawler.orders import Order, Summary
    from crawler.source import SourceSpider

Names = Annotated[
    list[str] | None, typer.Argument(metavar="SOURCE …", help="By name [default: all enabled].")
]
Since = Annotated[str | None, typer.Option("--since", metavar="DATE", help="Leave what is older.")]
Until = Annotated[
    str | None,
    typer.Option("--until", metavar="DATE", help="With --since: walk through the archives between them."),
]
Revisit = Annotated[bool, typer.Option("--revisit", help="Fetch known articles again, for their edits.")]


def crawl(
    names: Names = None,
    *,
    since: Since = None,
    until: Until = None,
    revisit: Revisit = False,
    archive: Archive = None,
    evidence: EvidenceAt = None,
    as_json: Json = False,
) -> None:
    """Crawl the named sources, or all that are enabled: papers and regulators.

    With --since and --until papers are back-filled: what they published between the two days is looked for in
    their archives and sitemaps, a budget of pages a run; repeat the command to go on.

    Example: onrecord crawl bolton_news ofsted_reports --since 2024-01-01
    """
    from crawler.run import crawl as run

    settings = config.load()
    order = dataclasses.replace(
        order_of(settings, _chosen(names, archive, evidence)),
        archive=archive or settings.archive,
        evidence=evidence or settings.evidence,
        since=_day("--since", since),
        until=_day("--until", until),
        revisit=revisit,
    )
    if order.until and (order.since is None or order.since > order.until):
        raise UsageMistake("--until needs an earlier --since: together they name the days to look through")
    if not settings.contact:
        warn("onrecord: no contact is set; name one (contact = in onrecord.toml) so that sites know who asks")
    progress = Progress(quiet=as_json)
    summaries = run(order, told=progress.ended)
    progress.close()
    _push(settings, archive, evidence)
    if as_json:
        print_json([dataclasses.asdict(summary) for summary in summaries])
    else:
        for summary in summaries:
            say(line(summary))
    for summary in summaries:
        for alarm in summary.alarms:
            warn(f"onrecord: {summary.source} is not what it was, for the second time: {alarm}")
    if any(summary.ending != "done" or summary.gave_nothing for summary in summaries):
        raise typer.Exit(1)


def _push(settings: config.Config, archive: str | None, evidence: str | None) -> None:
    """Put what was fetched into the evidence store, if there is one; what cannot go now waits here."""
    if not settings.evidence_store:
        return
    from storage import pushing

    try:
        with open_store(archive, evidence, write=True) as store:
            done = pushing.push(store, drop=settings.evidence_local == "drop")
    except EvidenceAway as error:
        warn(f"onrecord: {error}")
        return
    for name, fault in done.left.items():
        warn(f"onrecord: {name} is left here: {fault}")


def order_of(settings: config.Config, names: tuple[str, ...]) -> "Order":
    """An order to crawl these sources, by what the newsroom has set."""
    from crawler.orders import Order
    from crawler.profile import Profile

    return Order(
        archive=settings.archive,
        sources=names,
        at=utc_now(),
        evidence=settings.evidence,
        hosts=settings.hosts,
        folders=(settings.sources,),
        profile=Profile(words=tuple(settings.profile.words), places=tuple(settings.profile.places)),
        contact=settings.contact,
        browser=settings.browser,
    )


def known() -> "dict[str, type[SourceSpider]]":
    """Every source: those that come with On Record and the newsroom's own."""
    from crawler.sources import crawl_settings, known_sources

    return known_sources(crawl_settings(), (config.load().sources,))


def papers() -> "list[type[NewsSpider]]":
    """The sources that are papers."""
    from crawler.news import NewsSpider

    return [source for source in known().values() if issubclass(source, NewsSpider)]


def line(summary: "Summary") -> str:
    """One source's crawl in one line for a person."""
    counts = summary.counts
    others = {
        outcome: number
        for outcome, number in summary.outcomes.items()
        if outcome not in {"done", "unchanged"}
    }
    said = "".join(f", {number} {outcome.replace('_', ' ')}" for outcome, number in others.items())
    told = (
        f"{summary.source}: {counts.fetched} fetched, {counts.stored} stored, {counts.duplicate} known{said}"
    )
    if summary.waiting:
        told += f", {summary.waiting} left for the next run"
    return told if summary.ending == "done" else f"{told} ({summary.reason or summary.ending})"


class Progress:
    """A line on a terminal that counts pages as they end; nothing elsewhere."""

    def __init__(self, *, quiet: bool) -> None:
        from rich.console import Console

        console = Console(stderr=True)
        self._status = None if quiet or not console.is_terminal else console.status("starting …")
        self._counts: Counter[str] = Counter()
        if self._status:
            self._status.start()

    def ended(self, source: str, outcome: str) -> None:
        """Count one page."""
        self._counts[outcome] += 1
        if self._status:
            counted = ", ".join(f"{number} {name.replace('_', ' ')}" for name, number in self._counts.items())
            self._status.update(f"{source}: {counted}")

    def close(self) -> None:
        """Take the line away."""
        if self._status:
            self._status.stop()


def lacking_key(every: "Mapping[str, type[SourceSpider]]") -> set[str]:
    """The sources whose key is neither in the environment nor in a file that it names."""
    from crawler.keys import key_of

    return {name for name, one in every.items() if one.needs_key and not key_of(one.needs_key)}


def _chosen(names: list[str] | None, archive: str | None, evidence: str | None) -> tuple[str, ...]:
    from crawler.keys import wanting
    from crawler.sources import chosen

    every = known()
    if names:
        return tuple(chosen(every, names))
    with open_store(archive, evidence, write=True) as store, store.reading() as connection:
        off = stored.disabled(connection)
    without_key = lacking_key(every)
    for name in sorted(without_key - off):
        warn(f"onrecord: {name} is left: it needs a key; {wanting(every[name].needs_key or '')}")
    return tuple(name for name in every if name not in off | without_key)


def _day(flag: str, text: str | None) -> dt.date | None:
    if text is None:
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise UsageMistake(f"{flag} {text}: give a day as 2024-01-31") from None


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command()(crawl)
