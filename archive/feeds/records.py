"""Feeds of settings, providers, groups, authorities and outlets for signed-in readers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

import sqlalchemy as sa

from archive import telling
from archive.feeds.entries import Named, entries
from archive.feeds.shape import Entry, Feed, Gone
from archive.feeds.tellings import ARCHIVED, Scope, Standing, chosen, standing, tellings
from storage.errors import NotFound
from storage.schema.assertions import assertions as log
from storage.schema.press import articles
from storage.schema.registers import providers, settings

KEPT: Final = frozenset({"setting", "provider", "authority"})
"""What has archives (RFC 5005): all that was ever asserted of it, in documents of fixed members."""


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a document of a feed is: ``at`` gives its own address by archive, None for the feed itself."""

    base: str
    page: str
    at: Callable[[int | None], str]
    named: Named
    archive: int | None = None


Made = Callable[[sa.Connection, Sequence[Standing], Place], tuple[Entry, ...]]


def record_feed(connection: sa.Connection, what: str, target: str, place: Place) -> Feed:
    """The feed of a record, or one of its archives; NotFound where there is no such record or archive."""
    title, scope = _SCOPES[what](connection, target)
    return document(connection, (what, target, title), scope, place, _private, archives=what in KEPT)


def document(
    connection: sa.Connection,
    about: tuple[str, str, str],
    scope: Scope,
    place: Place,
    made: Made,
    *,
    archives: bool,
    silent: Callable[[Standing], bool] = lambda one: False,
) -> Feed:
    """One document of the feed (``about``: kind, target, title) of what is in the scope.

    ``silent``: whether not even an end may be told here.
    """
    what, target, title = about
    all_ = tellings(connection, scope)
    whole = len(all_) // ARCHIVED if archives else 0
    if place.archive is not None and not 1 <= place.archive <= whole:
        raise NotFound(f"there is no archive {place.archive} of this feed")
    some = standing(connection, scope, chosen(all_, place.archive))
    newest_first = sorted(some, key=lambda one: (one.updated, one.telling.first), reverse=True)
    shown = made(connection, newest_first, place)
    there = {entry.id for entry in shown}
    ended = [one for one in newest_first if not silent(one)]
    gone = [Gone(id=place.named(*one.telling.name), at=one.updated) for one in ended]
    return Feed(
        id=place.named("feed", what, target),
        title=f"{title} · On Record",
        page=place.page,
        links=_links(place, whole),
        entries=shown,
        gone=tuple(one for one in gone if one.id not in there),
        archived=place.archive is not None,
    )


def title_of(connection: sa.Connection, what: str, target: str) -> str:
    """What a feed is called; the target itself where there is no such record any more."""
    try:
        return _SCOPES[what](connection, target)[0] if what in _SCOPES else target or "Everything"
    except NotFound:
        return target


def _private(connection: sa.Connection, some: Sequence[Standing], place: Place) -> tuple[Entry, ...]:
    return entries(connection, some, place.named, place.base)


def _links(place: Place, whole: int) -> dict[str, str]:
    links = {"self": place.at(place.archive)}
    if place.archive is None:
        return links | ({"prev-archive": place.at(whole)} if whole else {})
    links["current"] = place.at(None)
    if place.archive > 1:
        links["prev-archive"] = place.at(place.archive - 1)
    if place.archive < whole:
        links["next-archive"] = place.at(place.archive + 1)
    return links


def _setting(connection: sa.Connection, target: str) -> tuple[str, Scope]:
    row = connection.execute(sa.select(settings).where(settings.c.id == target)).first()
    if row is None:
        raise NotFound(f"there is no setting {target!r}")
    return f"{telling.setting_title(row)}, {row.urn}", _by_column("setting_id", target)


def _provider(connection: sa.Connection, target: str) -> tuple[str, Scope]:
    row = connection.execute(sa.select(providers.c.name).where(providers.c.id == target)).first()
    if row is None:
        raise NotFound(f"there is no provider {target!r}")
    return row.name, _by_column("provider_id", target)


def _authority(connection: sa.Connection, target: str) -> tuple[str, Scope]:
    here = sa.select(settings.c.id).where(settings.c.local_authority == target).limit(1)
    if connection.execute(here).first() is None:
        raise NotFound(f"no register held here names an authority {target!r}")
    return target, _by_column("authority", target)


def _group(connection: sa.Connection, target: str) -> tuple[str, Scope]:
    ids = frozenset(connection.scalars(sa.select(providers.c.id).where(providers.c.group_name == target)))
    if not ids:
        raise NotFound(f"there is no group {target!r}")
    return target, Scope(ever=log.c.provider_id.in_(ids), holds=lambda said: said.provider_id in ids)


def _outlet(connection: sa.Connection, target: str) -> tuple[str, Scope]:
    its = sa.select(articles.c.id).where(articles.c.outlet == target)
    if connection.execute(its.limit(1)).first() is None:
        raise NotFound(f"there is no outlet {target!r}")
    return target, Scope(ever=log.c.article_id.in_(its), holds=lambda said: True)


def _by_column(name: str, value: str) -> Scope:
    """What was ever asserted with that value in a column of the log."""
    return Scope(ever=log.c[name] == value, holds=partial(_has, name, value))


def _has(name: str, value: str, said: object) -> bool:
    return bool(getattr(said, name) == value)


_SCOPES: Final[dict[str, Callable[[sa.Connection, str], tuple[str, Scope]]]] = {
    "setting": _setting,
    "provider": _provider,
    "authority": _authority,
    "group": _group,
    "outlet": _outlet,
}
