"""What an operator set for messages: the mail server, the chats, whom webhooks may reach, how long to try."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from storage.networks import Hosts

Security = Literal["none", "starttls", "tls"]


@dataclass(frozen=True, kw_only=True)
class MailServer:
    """Where e-mail is handed in, and whom it is from."""

    host: str
    port: int = 587
    security: Security = "starttls"
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    sender: str = "On Record <onrecord@localhost>"


@dataclass(frozen=True, kw_only=True)
class Chat:
    """A chat that people may choose by its name; ``url`` is what apprise calls it, and is shown to nobody.

    ``text``: headlines and extracts go there too.
    """

    url: str = field(repr=False)
    text: bool = False


@dataclass(frozen=True, kw_only=True)
class Post:
    """Everything that sending needs to know.

    ``base_url``: where people reach the archive; every link in a message leads there. ``hosts``: hosts of
    the own network that webhooks may reach. ``webhook_text``: headlines and extracts go to webhooks too.
    ``operator``: an e-mail address or the name of a chat that hears of alerts, sources and jobs that fail.
    ``hour``: of the London day at which digests are sent. ``keep``: how long a message is tried before it
    is dead. ``patience``: seconds that a target has for one message.
    """

    base_url: str
    mail: MailServer | None = None
    chats: Mapping[str, Chat] = field(default_factory=dict)
    hosts: Hosts = field(default_factory=dict)
    webhook_text: bool = False
    operator: str | None = None
    hour: int = 7
    keep: dt.timedelta = dt.timedelta(days=5)
    patience: float = 15.0
