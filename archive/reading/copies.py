"""The other copies of an article's story: who printed them, and the facts in which they differ."""

from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from storage import stories
from storage.masking import extract
from storage.schema.press import article_versions, articles
from storage.schema.stories import link_origins

_LISTED = 50  # copies shown; an agency's story may have hundreds


@dataclass(frozen=True, kw_only=True)
class Copy:
    """Another article of the same story."""

    id: str
    title: str | None
    outlet: str | None
    published: str | None


@dataclass(frozen=True, kw_only=True)
class Said:
    """One value of a fact, and the outlets whose copies say so; ``here``: this article does too."""

    value: str
    words: str
    outlets: tuple[str, ...]
    here: bool


@dataclass(frozen=True, kw_only=True)
class Story:
    """The copies, how many there are, what they change, and the copy that the linker decided on."""

    copies: tuple[Copy, ...]
    count: int
    differences: Mapping[str, tuple[Said, ...]]
    origin: str | None


def story_of(connection: sa.Connection, article_id: str, link_ids: list[str]) -> Story | None:
    """The article's story; None where it has no other copy. Restricted copies are not there at all."""
    members = stories.copies(connection, [article_id]).get(article_id, [article_id])
    shown = _copies(connection, members)
    if len(shown) < 2:
        return None
    query = sa.select(link_origins.c.article_id).where(link_origins.c.link_id.in_(link_ids))
    origin = connection.execute(query).scalar()
    others = [copy for id_, copy in shown.items() if id_ != article_id]
    return Story(
        copies=tuple(others[:_LISTED]),
        count=len(others),
        differences=_differences(connection, article_id, shown),
        origin=origin if origin in shown and origin != article_id else None,
    )


def _copies(connection: sa.Connection, members: list[str]) -> dict[str, Copy]:
    query = (
        sa.select(articles.c.id, article_versions.c.title, articles.c.outlet, articles.c.published)
        .join(
            article_versions,
            (article_versions.c.article_id == articles.c.id)
            & (article_versions.c.number == articles.c.latest_version),
        )
        .where(articles.c.id.in_(members), articles.c.restriction.is_(None))
        .order_by(articles.c.published.nulls_last(), articles.c.id)
    )
    return {row.id: Copy(**row._mapping) for row in connection.execute(query)}


def _differences(
    connection: sa.Connection, article_id: str, shown: Mapping[str, Copy]
) -> dict[str, tuple[Said, ...]]:
    found: dict[str, tuple[Said, ...]] = {}
    for fact, values in stories.differences(connection, article_id).items():
        said = []
        for value, told in values.items():
            by = [one for one in told if one["article_id"] in shown]
            if by:
                names = {shown[one["article_id"]].outlet or "Unknown outlet" for one in by}
                here = any(one["article_id"] == article_id for one in by)
                words = extract(by[0]["text"])
                said.append(Said(value=value, words=words, outlets=tuple(sorted(names)), here=here))
        if said:
            found[fact] = tuple(sorted(said, key=lambda one: (not one.here, one.value)))
    return found
