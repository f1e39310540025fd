"""The stories the public view reads: no query here names a column of press text, or the address of a page."""

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any, Final

import sqlalchemy as sa

from archive import telling
from archive.public import Correction, Corrections, Listing, One, Opening, Story
from storage.assertions import OWNER_ID, in_doubt
from storage.batches import batches
from storage.schema.inspections import inspections
from storage.schema.links import links
from storage.schema.press import articles
from storage.schema.registers import providers, settings
from storage.schema.work import corrections

A_PAGE: Final = 40
DEEPEST: Final = 250  # pages
LISTED: Final = 200
_LATELY: Final = 10
AT_ONCE: Final = 500

_owner = providers.alias()
_homes = settings.alias()
_ALONE: Final = (
    sa.select(sa.func.count())
    .select_from(_homes)
    .where(
        _homes.c.provider_id == sa.func.coalesce(OWNER_ID, ""),
        _homes.c.local_authority == settings.c.local_authority,
    )
    .scalar_subquery()
)


def listing(connection: sa.Connection, opening: Opening, *, authority: str, page: int) -> Listing:
    """Stories of all authorities or of one; beyond the deepest page there are none."""
    where = settings.c.local_authority == authority if authority else sa.true()
    standing = _stories(opening, where & (links.c.status == "linked"))
    page = min(max(page, 1), DEEPEST)
    rows = _read(connection, standing.offset((page - 1) * A_PAGE).limit(A_PAGE + 1))
    gone = _stories(opening, where & (links.c.status == "withdrawn")).limit(_LATELY)
    return Listing(
        stories=tuple(rows[:A_PAGE]),
        withdrawn=tuple(_read(connection, gone)),
        authorities=_authorities(connection, opening),
        authority=authority,
        page=page,
        more=len(rows) > A_PAGE and page < DEEPEST,
    )


def story(connection: sa.Connection, opening: Opening, article_id: str, mention: int) -> One | None:
    """One mention of a story; None where nothing of it is public."""
    this = (links.c.article_id == article_id) & (links.c.mention == mention)
    found = about(connection, opening, this)
    if not found:
        return None
    now = next((one for one in found if one.withdrawn_on is None), None)
    return One(now=now, withdrawn=tuple(one for one in found if one.withdrawn_on is not None))


def standing(connection: sa.Connection, opening: Opening, article_ids: Sequence[str]) -> list[Story]:
    """What the public sees asserted of these articles."""
    return [
        story
        for some in batches(article_ids)
        for story in _read(
            connection, _stories(opening, links.c.article_id.in_(some) & (links.c.status == "linked"))
        )
    ]


def tells_apart(connection: sa.Connection, setting_id: str, provider_id: str | None) -> bool:
    """Whether the setting would be told apart where it is named beside that owner: see ``_story``."""
    beside = (
        sa.select(sa.func.count())
        .select_from(_homes)
        .where(_homes.c.provider_id == provider_id, _homes.c.local_authority == settings.c.local_authority)
        .scalar_subquery()
    )
    query = sa.select(settings.c.name_withheld, beside).where(settings.c.id == setting_id)
    row = connection.execute(query).first()
    return row is None or (bool(row[0]) and row[1] < 2)


def about(connection: sa.Connection, opening: Opening, where: sa.ColumnElement[bool]) -> list[Story]:
    """The newest stories, standing and withdrawn, on what ``where`` says of a link."""
    return _read(connection, _stories(opening, where).limit(LISTED))


def lines(connection: sa.Connection, article_ids: Sequence[str]) -> dict[tuple[str, int], str]:
    """The composed line of each mention of these articles that is linked, checked by a person or not."""
    standing = links.c.article_id.in_(article_ids) & (links.c.status == "linked")
    found = _read(connection, _stories(Opening(open=True, machine_links=True), standing))
    return {(one.article_id, one.mention): one.line for one in found}


def decided(connection: sa.Connection) -> Corrections:
    """Corrections that were decided, on what is not held back."""
    query = (
        sa.select(
            articles.c.outlet,
            articles.c.published,
            corrections.c.state,
            corrections.c.answer,
            corrections.c.decided_at,
        )
        .join(articles, articles.c.id == corrections.c.article_id)
        .where(corrections.c.decided_at.is_not(None), articles.c.restriction.is_(None))
        .order_by(corrections.c.decided_at.desc(), corrections.c.id)
        .limit(LISTED)
    )
    return Corrections(
        decided=tuple(
            Correction(
                outlet=row.outlet,
                published=row.published,
                upheld=row.state == "upheld",
                answer=row.answer,
                decided_on=_day(row.decided_at),
            )
            for row in connection.execute(query)
        )
    )


def every_story(
    connection: sa.Connection, opening: Opening, where: sa.ColumnElement[bool]
) -> Iterator[Story]:
    """All stories, one after the other."""
    query = _stories(opening, where).execution_options(yield_per=AT_ONCE)
    with connection.execute(query) as found:
        for row in found:
            yield _story(row)


def _public(opening: Opening) -> sa.ColumnElement[bool]:
    """Which assertions the public sees: decided by a person, on nothing that is held back or in doubt."""
    checked = sa.true() if opening.machine_links else links.c.confirmed
    asserted = links.c.rank.is_(None) & links.c.status.in_(["linked", "withdrawn"])
    organisation = sa.or_(links.c.level != "provider", _owner.c.natural_person.is_(False))
    return (
        asserted
        & checked
        & (links.c.level != "none")
        & articles.c.restriction.is_(None)
        & ~in_doubt()
        & organisation
    )


def _stories(opening: Opening, where: sa.ColumnElement[bool]) -> sa.Select[Any]:
    chosen = sa.select(
        links.c.article_id,
        links.c.mention,
        links.c.level,
        links.c.confirmed,
        links.c.probability,
        links.c.decided_at,
        links.c.withdrawn_at,
        articles.c.outlet,
        articles.c.published,
        settings.c.id.label("setting_id"),
        settings.c.urn,
        settings.c.kind,
        settings.c.name_withheld,
        settings.c.local_authority,
        settings.c.regulator,
        inspections.c.first_day,
        inspections.c.last_day,
        inspections.c.overall,
        _owner.c.id.label("provider_id"),
        _owner.c.name.label("provider"),
        _owner.c.natural_person,
        _ALONE.label("homes"),
    )
    newest = (articles.c.published.desc().nulls_last(), links.c.article_id, links.c.mention, links.c.id)
    return _joined(chosen).where(_public(opening), where).order_by(*newest)


def _joined(chosen: sa.Select[Any]) -> sa.Select[Any]:
    return (
        chosen.select_from(links)
        .join(articles, articles.c.id == links.c.article_id)
        .outerjoin(inspections, inspections.c.id == links.c.inspection_id)
        .outerjoin(settings, settings.c.id == links.c.setting_id)
        .outerjoin(_owner, _owner.c.id == OWNER_ID)
    )


def _read(connection: sa.Connection, query: sa.Select[Any]) -> list[Story]:
    return [_story(row) for row in connection.execute(query)]


def _story(row: sa.Row[Any]) -> Story:
    # A story often prints the street. Beside the owner's name it would tell where that owner's one home is.
    told_apart = bool(row.name_withheld) and row.homes < 2 and row.level != "provider"
    named = not told_apart and row.provider_id is not None and not row.natural_person
    reached = row.level != "provider"
    return Story(
        article_id=row.article_id,
        mention=row.mention,
        outlet=row.outlet,
        published=row.published,
        kind=row.kind if reached else None,
        authority=row.local_authority if reached else None,
        regulator=row.regulator,
        judgement=row.overall if row.level == "inspection" else None,
        level=row.level,
        first_day=row.first_day if row.level == "inspection" and not told_apart else None,
        last_day=row.last_day if row.level == "inspection" and not told_apart else None,
        setting_id=row.setting_id if reached and not told_apart else None,
        urn=row.urn if reached and not told_apart else None,
        provider_id=row.provider_id if named else None,
        provider=row.provider if named else None,
        confirmed=row.confirmed,
        probability=row.probability,
        decided_on=_day(row.decided_at),
        withdrawn_on=_day(row.withdrawn_at) if row.withdrawn_at else None,
    )


def _authorities(connection: sa.Connection, opening: Opening) -> tuple[str, ...]:
    named = _joined(sa.select(settings.c.local_authority).distinct())
    query = named.where(_public(opening), settings.c.local_authority.is_not(None))
    return tuple(sorted(connection.scalars(query)))


def _day(moment: dt.datetime) -> dt.date:
    return moment.astimezone(telling.LONDON).date()
