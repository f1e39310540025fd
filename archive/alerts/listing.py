"""How alerts do, for their owners, for operators and for the command line."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

import sqlalchemy as sa

from storage import alerts
from storage.alerts import Alert
from storage.batches import batches
from storage.schema.alerts import outbox

CHANNEL_TITLES: Final = {"email": "E-mail", "webhook": "Webhook", "chat": "Chat"}


@dataclass(frozen=True, kw_only=True)
class Standing:
    """An alert, how many of its messages were delivered, wait or are dead, and what fails."""

    alert: Alert
    delivered: int
    waiting: int
    dead: int
    fault: str | None

    @property
    def place(self) -> str:
        """Where it goes, for others than its owner: a webhook's path may be a password."""
        address = self.alert.address
        return urlsplit(address).netloc if self.alert.channel == "webhook" else address


def standings(connection: sa.Connection, user_id: str | None = None) -> list[Standing]:
    """The person's alerts, or everybody's."""
    found = alerts.of(connection, user_id) if user_id else alerts.lasting(connection)
    counts = _counts(connection, [one.id for one in found])
    faults = _faults(connection, [one.id for one in found])
    return [
        Standing(
            alert=one,
            delivered=counts.get((one.id, "delivered"), 0),
            waiting=counts.get((one.id, "waiting"), 0),
            dead=counts.get((one.id, "dead"), 0),
            fault=one.fault or faults.get(one.id),
        )
        for one in found
    ]


def _counts(connection: sa.Connection, ids: Iterable[str]) -> dict[tuple[str, str], int]:
    found: dict[tuple[str, str], int] = {}
    for some in batches(ids):
        query = (
            sa.select(outbox.c.alert_id, outbox.c.state, sa.func.count())
            .where(outbox.c.alert_id.in_(some))
            .group_by(outbox.c.alert_id, outbox.c.state)
        )
        found |= {(alert, state): count for alert, state, count in connection.execute(query)}
    return found


def _faults(connection: sa.Connection, ids: Iterable[str]) -> dict[str, str]:
    """What the message that waits first failed by."""
    found: dict[str, str] = {}
    for some in batches(ids):
        failing = (outbox.c.state == "waiting") & outbox.c.fault.is_not(None)
        query = sa.select(outbox.c.alert_id, outbox.c.fault).where(failing, outbox.c.alert_id.in_(some))
        found |= {row.alert_id: row.fault for row in connection.execute(query.order_by(outbox.c.seq.desc()))}
    return found
