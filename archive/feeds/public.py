"""Public feeds: made of ``archive.public``'s records alone, so composed lines and our own addresses.

Where a home would be told apart, not even the end of an entry is told in the feed of it or of its owner.
"""

from collections.abc import Sequence
from functools import partial
from typing import Final

import sqlalchemy as sa

from archive import telling
from archive.feeds.records import Place, document
from archive.feeds.shape import Entry, Feed
from archive.feeds.tellings import Scope, Standing
from archive.public import Opening, Story
from archive.reading import public, public_records
from storage.assertions import Assertion
from storage.errors import NotFound
from storage.schema.assertions import assertions as log

_WINDOW: Final = 500
"""Rows of the log that the feed of everything looks at: anybody may ask, and there may be a million."""
_FIELD: Final = {"setting": "setting_id", "provider": "provider_id", "authority": "authority"}


def public_feed(connection: sa.Connection, opening: Opening, what: str, target: str, place: Place) -> Feed:
    """The feed of a setting, a provider, an authority, or of all (``authority`` without a name); NotFound."""
    scope = _opened(what, target, opening)
    title = _title(connection, opening, what, target, scope)
    if title is None:
        raise NotFound("there is no such feed")
    made = partial(_entries, opening=opening, what=what, target=target)
    beside_names = what != "authority"
    return document(
        connection,
        (what, target, title),
        scope,
        place,
        made,
        archives=bool(target),
        silent=partial(_silent, connection) if beside_names else lambda one: False,
    )


def _title(connection: sa.Connection, opening: Opening, what: str, target: str, scope: Scope) -> str | None:
    if what == "setting":
        home = public_records.home(connection, opening, target)
        return f"{home.title}, {home.urn}" if home else None
    if what == "provider":
        owner = public_records.owner(connection, opening, target)
        return owner.name if owner else None
    if not target:
        return "All stories"
    # Known by what was ever public there: its feed must stay to tell when the last of it ends.
    ever = sa.select(log.c.seq).where(scope.ever).limit(1)
    return target if connection.execute(ever).first() else None


def _opened(what: str, target: str, opening: Opening) -> Scope:
    """What the public was ever shown of the target; without one, what changed last of everything."""
    checked = sa.true() if opening.machine_links else log.c.confirmed
    shown = checked & log.c.suppressed.is_not(sa.true()) & log.c.event.not_in(["restricted", "erased"])
    name = _FIELD[what]

    def holds(said: Assertion) -> bool:
        is_open = bool(opening.machine_links or said.confirmed)
        return is_open and not said.suppressed and (not target or getattr(said, name) == target)

    if target:
        return Scope(ever=shown & (log.c[name] == target), holds=holds, public=True)
    newest = sa.select(log.c.article_id).where(shown).order_by(log.c.seq.desc()).limit(_WINDOW).subquery()
    return Scope(ever=shown & log.c.article_id.in_(sa.select(newest.c.article_id)), holds=holds, public=True)


def _entries(
    connection: sa.Connection,
    some: Sequence[Standing],
    place: Place,
    *,
    opening: Opening,
    what: str,
    target: str,
) -> tuple[Entry, ...]:
    shown = {(one.shown.article_id, one.shown.mention): one for one in some if one.shown}
    told = public.standing(connection, opening, sorted({article for article, _ in shown}))
    here = [story for story in told if not target or getattr(story, _FIELD[what]) == target]
    of_key = {(story.article_id, story.mention): story for story in here}
    return tuple(_entry(of_key[key], one, place) for key, one in shown.items() if key in of_key)


def _entry(story: Story, one: Standing, place: Place) -> Entry:
    sure = "Checked by a person."
    if not story.confirmed:
        sure = f"Matched by software, not checked: {telling.percent(story.probability)} certain."
    inspected = f"Inspected {telling.days(story.first_day, story.last_day)}." if story.first_day else None
    return Entry(
        id=place.named(*one.telling.name),
        url=f"{place.base}{story.path}",
        title=story.line,
        text=" ".join(filter(None, (inspected, sure))),
        published=one.telling.first_at,
        updated=one.updated,
    )


def _silent(connection: sa.Connection, one: Standing) -> bool:
    return any(public.tells_apart(connection, *pair) for pair in one.telling.about)
