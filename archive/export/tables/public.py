"""The tables for anybody: made of the public view's records and of nothing else.

No title, no text, no words of evidence, no address of a page; a link's line is composed from fields.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from typing import Final

from archive.export import changed
from archive.export.kinds import day, flag, number, text, whole
from archive.export.tabled import AT_ONCE, Column, Reading, Reference, Row, Rows, Table
from archive.export.tables.coded import CODE, Codes
from archive.public import CLOSED, Home, Opening, Story
from archive.reading import public, public_records
from storage.batches import batches
from storage.schema.links import links
from storage.schema.registers import providers, settings

_IN_SETTINGS: Final = Reference(columns=("setting_id",), table="settings", to=("setting_id",))
_IN_PROVIDERS: Final = Reference(columns=("provider_id",), table="providers", to=("provider_id",))
_SETTING: Final = (
    text("regulator", "who inspects the setting", "register"),
    text("urn", "the setting's number with its regulator", "register"),
    text("local_authority", "the authority it lies in, the finest place given", "register"),
    CODE,
)


def _opening(reading: Reading) -> Opening:
    return reading.opening or CLOSED


def _read_links(reading: Reading) -> Rows:
    where = changed.only(reading, links.c.article_id, "article")
    standing: set[tuple[str, int]] = set()

    codes = Codes(reading.connection)

    def rows() -> Iterator[Row]:
        for story in public.every_story(reading.connection, _opening(reading), where):
            if reading.since is not None:
                standing.add((story.article_id, story.mention))
            yield _link(story, codes)

    yield from _batched(rows())
    gone = changed.ended_in_public(reading, _opening(reading))
    yield PUBLIC_LINKS.gone(one for one in gone if (one["article_id"], one["mention"]) not in standing)


def _link(story: Story, codes: Codes) -> Row:
    return (
        story.article_id,
        story.mention,
        "withdrawn" if story.withdrawn_on else "linked",
        story.line,
        story.outlet,
        story.published,
        story.level,
        story.regulator,
        story.urn,
        story.authority,
        *codes.of([story.authority]),
        story.kind,
        story.provider,
        story.judgement,
        _iso(story.first_day),
        _iso(story.last_day),
        story.probability,
        story.confirmed,
        _iso(story.decided_on),
        _iso(story.withdrawn_on),
        story.setting_id,
        story.provider_id,
        story.path,
    )


def _homes(reading: Reading, rows_of: Callable[[Home, Row], Iterable[Row]]) -> Rows:
    """Rows of every home; ``rows_of`` is given the home and its columns of ``_SETTING``."""
    codes = Codes(reading.connection)
    where = changed.only(reading, settings.c.id, "setting")
    homes = public_records.every_home(reading.connection, where)
    yield from _batched(
        row
        for home in homes
        for row in rows_of(home, (home.regulator, home.urn, home.authority, *codes.of([home.authority])))
    )


def _read_settings(reading: Reading) -> Rows:
    return _homes(reading, _setting)


def _read_inspections(reading: Reading) -> Rows:
    return _homes(reading, _inspected)


def _setting(home: Home, known: Row) -> Iterator[Row]:
    yield *known, home.title, home.provider, home.id, home.provider_id


def _inspected(home: Home, known: Row) -> Iterator[Row]:
    for one in home.inspections:
        days = (_iso(one.first_day), _iso(one.last_day))
        yield *known, one.kind, *days, one.overall, home.id


def _read_providers(reading: Reading) -> Rows:
    owners = public_records.every_owner(reading.connection, changed.only(reading, providers.c.id, "provider"))
    yield from _batched((owner.id, owner.name) for owner in owners)


def _batched(rows: Iterable[Row]) -> Rows:
    for batch in batches(rows, AT_ONCE):
        yield list(zip(*batch, strict=True))


def _iso(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None


_LINKS: Final[tuple[Column, ...]] = (
    text("article_id", "the article's id here", "archive"),
    whole("mention", "0, 1, …: which setting the article describes", "linker"),
    text("status", "`linked`, or `withdrawn`: take it back wherever you have it", "archive"),
    text("line", "the story in a line composed from fields", "archive"),
    text("outlet", "the paper or broadcaster", "archive"),
    text("published", "ISO date, as exact as it is known: 2022, 2022-08, 2022-08-03", "archive"),
    text("level", "`inspection`, `setting` or `provider`: as fine as is certain enough", "linker"),
    *_SETTING,
    text("setting_kind", "what kind of setting it is", "register"),
    text("provider", "who runs it, where that does not tell which home it is", "register"),
    text("judgement", "the overall judgement of the inspection", "table"),
    day("inspection_first", "first day of the inspection", "report"),
    day("inspection_last", "last day of the inspection", "report"),
    number("probability", "that it is right", "linker", unit="0 to 1"),
    flag("confirmed", "whether a person confirmed it; else it was matched by software", "archive"),
    day("decided_on", "when it was decided", "archive"),
    day("withdrawn_on", "when it was withdrawn", "archive"),
    text("setting_id", "the setting, in `settings`", "archive"),
    text("provider_id", "the provider, in `providers`", "archive"),
    text("page", "its page here, below this archive's address", "archive"),
)
PUBLIC_LINKS: Final = Table(
    name="links",
    told="What stories are about, as far as that is published: by lines composed from fields.",
    key=None,
    columns=_LINKS,
    read=_read_links,
    refers=(_IN_SETTINGS, _IN_PROVIDERS),
    facets=("status", "level", "outlet", "regulator", "local_authority", "judgement"),
)
PUBLIC_SETTINGS: Final = Table(
    name="settings",
    told="Homes and services, by number and authority.",
    key="setting_id",
    columns=(
        *_SETTING,
        text("kind", "what it is, with its name unless that is withheld", "register"),
        text("provider", "who runs it, as registered", "register"),
        text("setting_id", "the setting's id here", "archive"),
        text("provider_id", "the provider, in `providers`", "archive"),
    ),
    read=_read_settings,
    refers=(_IN_PROVIDERS,),
    facets=("regulator", "local_authority"),
)
PUBLIC_PROVIDERS: Final = Table(
    name="providers",
    told="The organisations that registers name as running settings; no natural persons.",
    key="provider_id",
    columns=(
        text("provider_id", "the provider's id here", "archive"),
        text("name", "as registered, the newest spelling", "register"),
    ),
    read=_read_providers,
)
PUBLIC_INSPECTIONS: Final = Table(
    name="inspections",
    told="Inspections as regulators publish them.",
    key=None,
    columns=(
        *_SETTING,
        text("kind", "`full`, `interim`, `monitoring`, `assurance` or `other`", "table"),
        day("first_day", "first day on site", "report"),
        day("last_day", "last day on site", "report"),
        text("overall", "the overall judgement", "table"),
        text("setting_id", "the setting, in `settings`", "archive"),
    ),
    read=_read_inspections,
    refers=(_IN_SETTINGS,),
    facets=("regulator", "kind", "overall", "local_authority"),
)
PUBLIC: Final[dict[str, Table]] = {
    table.name: table for table in (PUBLIC_LINKS, PUBLIC_SETTINGS, PUBLIC_PROVIDERS, PUBLIC_INSPECTIONS)
}
