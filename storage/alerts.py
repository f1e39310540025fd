"""Alerts: a follow, the channel it is told on, and how often; and up to where each has been told.

An alert keeps its place in two sequences, the log of assertions and the change sequence, never a time: a
clock that jumps makes nothing old new. Its secret signs its webhooks, and makes the addresses by which it
is confirmed and ended from a message.
"""

import base64
import datetime as dt
import hmac
import secrets
from dataclasses import dataclass, fields
from typing import Any, Final, Literal, get_args

import sqlalchemy as sa

from storage import assertions, changes
from storage.errors import NotFound, UsageMistake
from storage.follows import Followed
from storage.ids import random_id
from storage.schema.alerts import alerts
from storage.schema.people import users
from storage.schema.work import follows

Channel = Literal["email", "webhook", "chat"]
Rhythm = Literal["instant", "daily", "weekly"]
CHANNELS: Final[tuple[Channel, ...]] = get_args(Channel)
RHYTHMS: Final[tuple[Rhythm, ...]] = get_args(Rhythm)
MOST: Final = 100
"""Alerts of one person: each is matched whenever something was linked."""
_SECRET_BYTES: Final = 32
_LONGEST: Final = 500  # characters of an address


@dataclass(frozen=True, kw_only=True)
class Alert:
    """One alert and what it follows. ``fault``: why it cannot be matched; ``secret``: see ``signing_key``."""

    id: str
    user_id: str
    follow_id: str
    what: Followed
    target: str
    title: str
    channel: Channel
    address: str
    rhythm: Rhythm
    secret: str
    begun: int
    asserted: int
    changed: int
    made_at: dt.datetime
    confirmed_at: dt.datetime | None
    paused_at: dt.datetime | None
    fault: str | None

    @property
    def state(self) -> Literal["on", "paused", "unconfirmed"]:
        """Whether it tells anything now."""
        if self.confirmed_at is None:
            return "unconfirmed"
        return "paused" if self.paused_at else "on"

    def token(self, purpose: Literal["confirm", "end"]) -> str:
        """What an address in a message must carry to confirm or to end the alert."""
        return hmac.new(self.secret.encode(), f"{purpose}:{self.id}".encode(), "sha256").hexdigest()[:40]


def signing_key(alert: Alert) -> bytes:
    """The bytes that webhooks are signed with."""
    return base64.b64decode(alert.secret.removeprefix("whsec_"))


def add(
    connection: sa.Connection,
    user_id: str,
    follow_id: str,
    to: tuple[Channel, str],
    rhythm: Rhythm,
    *,
    at: dt.datetime,
    confirmed: bool = True,
) -> Alert:
    """Tell of what the person follows from now on; NotFound, UsageMistake.

    ``confirmed`` False: nothing is told before ``confirm``.
    """
    channel, address = to
    own = (follows.c.id == follow_id) & (follows.c.user_id == user_id) & follows.c.ended_at.is_(None)
    if connection.execute(sa.select(follows.c.id).where(own)).first() is None:
        raise NotFound("you do not follow that")
    if not address or len(address) > _LONGEST or not address.isprintable():
        raise UsageMistake("an alert needs an address of printable letters to go to")
    if len(of(connection, user_id)) >= MOST:
        raise UsageMistake(f"nobody has more than {MOST} alerts; end some first")
    last, id_ = assertions.last(connection), random_id("alert")
    secret = f"whsec_{base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()}"
    values: dict[str, Any] = {
        "id": id_,
        "user_id": user_id,
        "follow_id": follow_id,
        "channel": channel,
        "address": address,
    }
    values |= {"rhythm": rhythm, "secret": secret, "made_at": at, "confirmed_at": at if confirmed else None}
    places = {"begun": last, "asserted": last, "changed": changes.last(connection)}
    connection.execute(sa.insert(alerts).values(**values, **places))
    return get(connection, id_)


def get(connection: sa.Connection, alert_id: str, *, user_id: str | None = None) -> Alert:
    """An alert that lasts, of that person where one is given; NotFound."""
    own = alerts.c.id == alert_id
    if user_id is not None:
        own &= alerts.c.user_id == user_id
    row = connection.execute(_rows().where(own)).first()
    if row is None:
        raise NotFound("there is no such alert")
    return Alert(**row._mapping)


def of(connection: sa.Connection, user_id: str) -> list[Alert]:
    """The person's alerts, the newest first."""
    query = _rows().where(alerts.c.user_id == user_id).order_by(alerts.c.made_at.desc(), alerts.c.id)
    return [Alert(**row._mapping) for row in connection.execute(query)]


def lasting(connection: sa.Connection) -> list[Alert]:
    """Everybody's alerts."""
    return [Alert(**row._mapping) for row in connection.execute(_rows().order_by(alerts.c.id))]


def telling(connection: sa.Connection) -> list[Alert]:
    """The alerts that tell something now: confirmed and not paused."""
    on = alerts.c.confirmed_at.is_not(None) & alerts.c.paused_at.is_(None)
    return [Alert(**row._mapping) for row in connection.execute(_rows().where(on).order_by(alerts.c.id))]


def confirm(connection: sa.Connection, alert_id: str, *, at: dt.datetime) -> None:
    """Let it tell from now on: whoever reads what comes to its address wants it."""
    places = {"asserted": assertions.last(connection), "changed": changes.last(connection)}
    unconfirmed = (alerts.c.id == alert_id) & alerts.c.confirmed_at.is_(None)
    begins = {"confirmed_at": at, "begun": places["asserted"], **places}
    connection.execute(sa.update(alerts).where(unconfirmed).values(**begins))


def pause(connection: sa.Connection, alert_id: str, *, at: dt.datetime) -> None:
    """Keep silent until it is resumed; what comes meanwhile is told then, in one message."""
    connection.execute(sa.update(alerts).where(alerts.c.id == alert_id).values(paused_at=at))


def resume(connection: sa.Connection, alert_id: str) -> None:
    """Tell again."""
    connection.execute(sa.update(alerts).where(alerts.c.id == alert_id).values(paused_at=None))


def set_rhythm(connection: sa.Connection, alert_id: str, rhythm: Rhythm) -> None:
    """Tell so often from now on."""
    connection.execute(sa.update(alerts).where(alerts.c.id == alert_id).values(rhythm=rhythm))


def end(connection: sa.Connection, alert_id: str, *, at: dt.datetime) -> None:
    """Tell nothing more, ever."""
    connection.execute(sa.update(alerts).where(alerts.c.id == alert_id).values(ended_at=at))


def move(connection: sa.Connection, alert: Alert, *, asserted: int, changed: int) -> bool:
    """Note that it has told up to there; False, and nothing is done, where another process did meanwhile."""
    as_read = (
        (alerts.c.id == alert.id)
        & (alerts.c.asserted == alert.asserted)
        & (alerts.c.changed == alert.changed)
    )
    places = {"asserted": asserted, "changed": changed}
    return connection.execute(sa.update(alerts).where(as_read).values(**places)).rowcount == 1


def set_fault(connection: sa.Connection, alert_id: str, fault: str | None) -> None:
    """Keep why it cannot be matched; None: it can."""
    connection.execute(sa.update(alerts).where(alerts.c.id == alert_id).values(fault=fault))


def as_channel(text: str) -> Channel:
    """The channel of that name; UsageMistake."""
    for channel in CHANNELS:
        if channel == text:
            return channel
    raise UsageMistake(f"{text[:30]!r} is no channel; choose among {', '.join(CHANNELS)}")


def as_rhythm(text: str) -> Rhythm:
    """The rhythm of that name; UsageMistake."""
    for rhythm in RHYTHMS:
        if rhythm == text:
            return rhythm
    raise UsageMistake(f"{text[:30]!r} is no rhythm; choose among {', '.join(RHYTHMS)}")


_FOLLOWED: Final = ("what", "target", "title")


def _rows() -> sa.Select[Any]:
    columns = [
        (follows if field.name in _FOLLOWED else alerts).c[field.name].label(field.name)
        for field in fields(Alert)
    ]
    return (
        sa.select(*columns)
        .join(follows, follows.c.id == alerts.c.follow_id)
        .join(users, users.c.id == alerts.c.user_id)
        .where(alerts.c.ended_at.is_(None), follows.c.ended_at.is_(None), users.c.disabled.is_(False))
    )
