"""A newsroom with alerts: an invented world, somebody who follows it, and a clock that is set by hand."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
import sqlalchemy as sa

from archive.alerts.post import Chat, MailServer, Post
from archive.alerts.sending import Sent, send
from storage import alerts, assertions, changes, follows, judgements, outbox, people, sketches, told
from storage.alerts import Alert, Channel, Rhythm
from storage.follows import Followed
from storage.judgements import Judgement
from storage.outbox import Message
from storage.schema.links import links
from storage.store import Store
from tests.archive.alerts.receivers import Postbox, mailing
from tests.archive.world import NOW, World

BASE = "https://records.paper.example"


@dataclass(frozen=True, kw_only=True)
class Home:
    """The ids of a home, of its inspection and of its provider."""

    setting: str
    inspection: str
    provider: str | None


@dataclass(kw_only=True)
class Newsroom:
    """The store, its world, its clock."""

    store: Store
    world: World
    now: dt.datetime = NOW
    hosts: dict[str, tuple[str, int]] = field(default_factory=dict)
    mail: MailServer | None = None
    more: dict[str, Any] = field(default_factory=dict)

    def clock(self) -> dt.datetime:
        return self.now

    def later(self, **more: float) -> dt.datetime:
        self.now += dt.timedelta(**more)
        return self.now

    @property
    def post(self) -> Post:
        chats: Mapping[str, Chat] = self.more.get("chats", {})
        others = {name: value for name, value in self.more.items() if name != "chats"}
        return Post(base_url=BASE, hosts=self.hosts, mail=self.mail, chats=chats, **others)

    def reads_mail_at(self, port: int) -> None:
        sender = "On Record <alerts@paper.example>"
        self.mail = MailServer(host="127.0.0.1", port=port, security="none", sender=sender)

    def allow(self, port: int, name: str = "hooks.example") -> str:
        """Let webhooks reach that port of loopback by a name; the webhook's address."""
        self.hosts[name] = ("127.0.0.1", port)
        return f"http://{name}/news"

    def alert(
        self,
        what: Followed = "search",
        target: str = "q=home",
        to: tuple[Channel, str] = ("email", "ada@paper.example"),
        rhythm: Rhythm = "instant",
        title: str = "Homes",
    ) -> Alert:
        """Somebody's alert."""
        with self.store.writing() as connection:
            name = f"Ada {to[1][:60]}"
            held = [row.id for row in people.list_users(connection) if row.name == name]
            user = held[0] if held else people.add_user(connection, name, "reader", at=self.now)
            follow = follows.follow(connection, user, what, target, title, at=self.now)
            return alerts.add(connection, user, follow, to, rhythm, at=self.now)

    def tell(self, alert: Alert, article: str) -> str:
        """Put a message on an article into the outbox, as matching would; its id."""
        with self.store.writing() as connection:
            item = f"item-of-{article}"
            told.add(
                connection, alert.id, [{"item": item, "what": "article", "about": article, "mention": 0}]
            )
            entry = {"item": item, "event": "linked"}
            return outbox.put(connection, alert.id, "news", [entry], at=self.now, due=self.now)

    def send(self) -> Sent:
        """What the schedule does, at the clock's time; articles are no copies but where a test makes them so."""
        with self.store.writing() as connection:
            new = sketches.texts(connection, sketches.stale(connection))
            sketches.keep(connection, {id_: (text.version, []) for id_, text in new.items()})
        return send(self.store, self.post, self.clock)

    def home(self, urn: str = "SC990011", provider: str | None = None, **more: Any) -> Home:
        """A home with an inspection."""
        setting = self.world.setting(urn, provider=provider, **more)
        return Home(setting=setting, inspection=self.world.inspection(setting), provider=provider)

    def link(self, home: Home, *articles: str, mention: int = 0, **more: Any) -> None:
        """Have the linker assert that these are about the home's inspection."""
        ids = {"inspection_id": home.inspection, "setting_id": home.setting, "provider_id": home.provider}
        for article in articles:
            self.world.link(article, mention=mention, **(ids | more))

    def relink(self, article: str, **values: Any) -> None:
        """Have the linker decide the article's mention anew."""
        this = (links.c.article_id == article) & links.c.rank.is_(None)
        with self.store.writing() as connection:
            connection.execute(sa.update(links).where(this).values(decided_at=self.now, **values))
            held = connection.scalars(sa.select(links.c.id).where(this)).all()
            changes.note(connection, "link", held, self.now)
            assertions.follow(connection, [article], self.now)

    def judge_away(self, article: str) -> None:
        """Have a person say that the link is wrong."""
        said = Judgement(
            article_id=article, mention=0, decision="rejected", who="Bea", at=self.now, version=1, shown={}
        )
        with self.store.writing() as connection:
            judgements.judge(connection, said)

    def messages(self, *states: outbox.State) -> list[Message]:
        """The outbox, oldest first."""
        with self.store.reading() as connection:
            wanted = states or ("waiting", "delivered", "dead", "empty")
            return outbox.listed(connection, states=wanted, limit=10_000)[::-1]


@pytest.fixture
def newsroom(store: Store) -> Newsroom:
    """A newsroom with an empty archive."""
    return Newsroom(store=store, world=World(store))


@pytest.fixture
def postbox(newsroom: Newsroom) -> Iterator[Postbox]:
    """The newsroom's mail server."""
    with mailing() as one:
        newsroom.reads_mail_at(one.port)
        yield one
