"""What happened in a stretch of the two sequences, read once for all alerts that stand at its beginning."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import sqlalchemy as sa

from storage import assertions, changes, told
from storage.assertions import Assertion
from storage.batches import select_where_in
from storage.follows import Followed
from storage.schema.assertions import assertions as log
from storage.schema.inspections import inspections, reports
from storage.schema.links import links
from storage.schema.people import changes as changed
from storage.schema.press import articles
from storage.schema.registers import providers, settings
from storage.told import Told

AT_ONCE: Final = 5_000  # entries of each sequence
Key = tuple[str, int]
"""An article and a mention of it."""
_CHANGED: Final = ("article", "report", "link")


@dataclass(frozen=True, kw_only=True)
class Reach:
    """How far a look goes in the log of assertions and in the change sequence."""

    asserted: int
    changed: int


class Window:
    """The entries after ``start`` up to ``end``, and the facts of what they are about."""

    def __init__(self, connection: sa.Connection, start: Reach, end: Reach) -> None:
        self.connection, self.start = connection, start
        rows = assertions.since(connection, start.asserted, limit=AT_ONCE)
        self.rows = [row for row in rows if row.seq <= end.asserted]
        entries = changes.since(connection, start.changed, _CHANGED, limit=AT_ONCE)
        self.entries = [entry for entry in entries if entry[0] <= end.changed]
        self.end = Reach(
            asserted=self.rows[-1].seq if len(self.rows) == AT_ONCE else end.asserted,
            changed=self.entries[-1][0] if len(self.entries) == AT_ONCE else end.changed,
        )

    @cached_property
    def now(self) -> Mapping[Key, Assertion]:
        """What stands of each mention touched, at the window's end."""
        return {(row.article_id, row.mention): row for row in self.rows}

    @cached_property
    def before(self) -> Mapping[Key, Assertion]:
        """What stood of them at its beginning."""
        query = sa.select(*assertions.COLUMNS).where(log.c.seq <= self.start.asserted).order_by(log.c.seq)
        named = {row.article_id for row in self.rows}
        found = select_where_in(self.connection, query, log.c.article_id, named)
        return {(row["article_id"], row["mention"]): Assertion(**row) for row in found}

    @cached_property
    def documents(self) -> Mapping[str, tuple[str, ...]]:
        """The articles and reports that changed, or whose links did: ``article`` and ``report`` → ids."""
        ids: dict[str, list[str]] = {"article": [], "report": [], "link": []}
        for _, what, id_, _ in self.entries:
            ids[what].append(id_)
        query = sa.select(links.c.id, links.c.article_id)
        linked = select_where_in(self.connection, query, links.c.id, ids["link"])
        pressed = [*ids["article"], *(row["article_id"] for row in linked)]
        return {"article": tuple(dict.fromkeys(pressed)), "report": tuple(dict.fromkeys(ids["report"]))}

    @cached_property
    def articles(self) -> Mapping[str, Mapping[str, Any]]:
        """Outlet, story, restriction and first_seen of every article touched."""
        columns = ("id", "outlet", "story_id", "restriction", "first_seen")
        query = sa.select(*(articles.c[name] for name in columns))
        named = {*(row.article_id for row in self.rows), *self.documents["article"]}
        return {row["id"]: row for row in select_where_in(self.connection, query, articles.c.id, named)}

    @cached_property
    def reports(self) -> Mapping[str, Mapping[str, Any]]:
        """The restriction of each changed report, and whose it is."""
        owner = sa.func.coalesce(inspections.c.provider_id, settings.c.provider_id)
        query = (
            sa.select(
                reports.c.id,
                reports.c.restriction,
                reports.c.setting_id.label("setting"),
                owner.label("provider"),
                settings.c.local_authority.label("authority"),
            )
            .outerjoin(inspections, inspections.c.id == reports.c.inspection_id)
            .outerjoin(settings, settings.c.id == reports.c.setting_id)
        )
        found = select_where_in(self.connection, query, reports.c.id, self.documents["report"])
        return {row["id"]: row for row in found}

    @cached_property
    def new_reports(self) -> frozenset[str]:
        """Those of the changed reports that were not there before the window."""
        first = sa.select(changed.c.id).where(changed.c.what == "report", changed.c.seq <= self.start.changed)
        known = select_where_in(self.connection, first, changed.c.id, self.reports)
        return frozenset(self.reports) - {row["id"] for row in known}

    @cached_property
    def held_back(self) -> frozenset[str]:
        """The articles and reports touched that may not be told of."""
        everything = (*self.articles.values(), *self.reports.values())
        return frozenset(row["id"] for row in everything if row["restriction"])

    @cached_property
    def groups(self) -> Mapping[str, str]:
        """The group of each provider that is named here and has one."""
        query = sa.select(providers.c.id, providers.c.group_name)
        rows = (*self.now.values(), *self.before.values())
        named = {row.provider_id for row in rows} | {row["provider"] for row in self.reports.values()}
        found = select_where_in(self.connection, query, providers.c.id, named - {None})
        return {row["id"]: row["group_name"] for row in found if row["group_name"]}

    def fits(self, what: Followed, target: str, row: Assertion) -> bool:
        """Whether an assertion that stands is about what is followed."""
        if not row.stands:
            return False
        if what == "outlet":
            held = self.articles.get(row.article_id)
            return held is not None and held["outlet"] == target
        if what == "group":
            return self.groups.get(row.provider_id or "") == target
        told = {"provider": row.provider_id, "setting": row.setting_id, "authority": row.authority}
        return told.get(what) == target

    def fitting_reports(self, what: Followed, target: str) -> list[str]:
        """The changed reports that are about it and may be told of."""
        return [
            id_
            for id_, row in self.reports.items()
            if not row["restriction"]
            and (self.groups.get(row["provider"] or "") if what == "group" else row.get(what)) == target
        ]

    @cached_property
    def copies(self) -> Mapping[str, frozenset[str]]:
        """For each article touched all copies of its story, itself among them."""
        stories = {id_: row["story_id"] for id_, row in self.articles.items()}
        query = sa.select(articles.c.id, articles.c.story_id)
        members: dict[str, set[str]] = {}
        for row in select_where_in(self.connection, query, articles.c.story_id, {*stories.values()} - {None}):
            members.setdefault(row["story_id"], set()).add(row["id"])
        return {id_: frozenset({id_, *members.get(story or "", ())}) for id_, story in stories.items()}

    @cached_property
    def told(self) -> Mapping[str, list[Told]]:
        """What each alert ever told of the articles and reports touched, and of copies of them."""
        copies = (one for several in self.copies.values() for one in several)
        return told.of(self.connection, {*self.articles, *copies, *self.documents["report"]})

    def standing(self, article_id: str) -> list[Assertion]:
        """What stands of each mention of an article at the window's end."""
        last = {row.mention: row for row in assertions.of_article(self.connection, article_id)}
        return [row for row in last.values() if row.stands]
