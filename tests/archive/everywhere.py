"""An invented world with something on every page, and the address of it for every route that is looked at."""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from archive.routes import ROUTES
from storage import alerts, corrections, follows, jobs, notes, orders, outbox, people, subscriptions
from storage.alerts import Alert, Channel
from storage.jobs import Planned
from storage.store import Store
from tests.archive.evidenced import evidenced
from tests.archive.test_operating import crawled
from tests.archive.world import NOW, World

GROUP: Final = "Larkspur Group"
_NO_PAGES: Final = ("/static", "/api", "/sign-in/", "/robots", "/metrics")


@dataclass(frozen=True, kw_only=True)
class Places:
    """Where things are: values for the ``{parameters}`` of a path by its beginning, and queries by path.

    A longer beginning goes before a shorter one.
    """

    values: Mapping[str, tuple[str, ...]]
    queries: Mapping[str, str]

    def address(self, path: str) -> str:
        """The path of a route, filled."""
        beginnings = [one for one in self.values if path.startswith(one)]
        given = iter(self.values[max(beginnings, key=len)] if beginnings else ())
        filled = re.sub(r"\{[^}]*\}", lambda _: quote(next(given)), path)
        return f"{filled}{self.queries.get(path, '')}"

    @property
    def looked_at(self) -> dict[str, str]:
        """Route → its address, for every route that answers a look."""
        return {
            route.path: self.address(route.path)
            for route in ROUTES
            if "GET" in (route.methods or ()) and not route.path.startswith(_NO_PAGES)
        }


def lived_in(store: Store) -> Places:
    """Fill the store with something for every page."""
    world = World(store)
    made = evidenced(world)
    crawled(store)
    with store.writing() as connection:
        planned = [
            Planned(kind="link", every=dt.timedelta(hours=1)),
            Planned(kind="verify", every=dt.timedelta(days=1)),
        ]
        jobs.plan(connection, planned, at=dt.datetime(2024, 5, 1, 12, tzinfo=dt.UTC))
    owner = world.provider("Meadowsweet Homes Limited", group_name=GROUP)
    setting, _ = (world.setting(urn, provider=owner, local_authority="Bury") for urn in ("SC31", "SC32"))
    visit = world.inspection(setting, dt.date(2024, 2, 6), overall="Good", provider_id=owner)
    told = world.article(title="A home that was praised")
    world.link(told, confirmed=True, inspection_id=visit, setting_id=setting, provider_id=owner)
    doubted = world.article(title="One of two homes")
    world.link(doubted, status="none", level="none", answer="several_fit", probability=0.1)
    for rank, home in enumerate((setting, made.setting), 1):
        world.link(doubted, rank=rank, status="candidate", level="setting", setting_id=home, probability=0.4)
    sealed = world.article("Nobody may read this.", title="Held back", outlet="Quiet Courier")
    order, secret = _people(store, made.article, told, sealed, owner)
    alert, link = _an_alert(store)
    values = {
        "/articles/": (made.article, made.copy),
        "/articles/{id}/sealed": (sealed,),
        "/captures/": (made.page.id,),
        "/review/": (doubted, "0"),
        "/settings/": (made.setting,),
        "/record/": (made.setting,),
        "/inspections/": (made.inspection,),
        "/reports/": (made.report,),
        "/providers/": (owner,),
        "/groups/": (GROUP,),
        "/authorities/": ("Bolton",),
        "/outlets/": ("Harrow Herald",),
        "/leads/": ("uncovered",),
        "/exports/": ("settings.csv",),
        "/public/exports/": ("settings.csv",),
        "/operator/orders/": (order,),
        "/feeds/": (secret,),
        "/alerts/{id}/confirm/": (alert.id, alert.token("confirm")),
        "/alerts/{id}/end/": (alert.id, alert.token("end")),
        "/public/stories/": (told, "0"),
        "/public/settings/": (setting,),
        "/public/providers/": (owner,),
    }
    queries = {
        "/search": "?q=children",
        "/alerts/new": f"?follow={link}",
        "/search/values": "?facet=outlet",
        "/operator/merging/providers": f"?kept={owner}",
        "/operator/merging/stories": f"?article={made.article}",
    }
    return Places(values=values, queries=queries)


def _people(store: Store, article: str, told: str, sealed: str, owner: str) -> tuple[str, str]:
    """What people did: a note, a follow, a private feed, a mistake reported, an order; its id, the feed's secret."""
    with store.writing() as connection:
        user = people.add_user(connection, "Ada Moss", "operator", at=NOW)
        notes.add(connection, user, "article", article, "Ring the council", at=NOW)
        follows.follow(connection, user, "provider", owner, "Meadowsweet Homes Limited", at=NOW)
        corrections.report(connection, told, 0, said="It is another home.", at=NOW)
        secret = subscriptions.subscribe(connection, user, "provider", owner, at=NOW)
        reason = {"reason": "section 39", "who": "Ada Moss"}
        return orders.restrict(connection, "article", sealed, at=NOW, **reason), secret


def _an_alert(store: Store) -> tuple[Alert, str]:
    """An alert of the one who looks at the pages, with a message that was given up; and what it follows."""
    with store.writing() as connection:
        follow = follows.lasting(connection)[0]
        to: tuple[Channel, str] = ("webhook", "https://hooks.paper.example/news")
        alert = alerts.add(connection, follow.user_id, follow.id, to, "instant", at=NOW)
        lost = outbox.put(connection, alert.id, "test", [], at=NOW, due=NOW)
        claimed = outbox.claim(connection, lost, at=NOW)
        assert claimed
        outbox.failed(connection, claimed, "the target cannot be reached", at=NOW, keep=NOW - NOW)
        return alert, follow.id
