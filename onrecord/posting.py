"""What the settings say of messages, as the archive takes it."""

import datetime as dt
from pathlib import Path

from archive.alerts.post import Chat, MailServer, Post
from onrecord.config import ChatSettings, Config, MailSettings
from storage.errors import UsageMistake
from storage.networks import is_ip


def post(settings: Config) -> Post:
    """How alerts are sent; UsageMistake where a setting is missing or wrong."""
    if settings.base_url is None:
        raise UsageMistake("alerts need the archive's address for their links: set base_url in onrecord.toml")
    said = settings.alerts
    return Post(
        base_url=settings.base_url.rstrip("/"),
        mail=_mail(said.mail) if said.mail else None,
        chats={name: _chat(name, one) for name, one in said.chats.items()},
        hosts={name.lower(): _served(name, at) for name, at in said.webhook_hosts.items()},
        webhook_text=said.webhook_text,
        operator=said.operator,
        hour=said.hour,
        keep=dt.timedelta(days=said.keep_days),
    )


def _mail(said: MailSettings) -> MailServer:
    values = said.model_dump(exclude={"password_file"})
    if said.password_file:
        values["password"] = _secret(said.password_file)
    return MailServer(**values)


def _chat(name: str, said: ChatSettings) -> Chat:
    url = _secret(said.url_file) if said.url_file else said.url
    if not url:
        raise UsageMistake(f"alerts.chats.{name} needs its address: url or url_file")
    return Chat(url=url, text=said.text)


def _secret(file: Path) -> str:
    try:
        return file.read_text().strip()
    except OSError as error:
        raise UsageMistake(f"{file} cannot be read ({error.strerror or error})") from None


def _served(name: str, at: str) -> tuple[str, int]:
    address, _, port = at.rpartition(":")
    if not is_ip(address.strip("[]")) or not port.isascii() or not port.isdecimal():
        raise UsageMistake(f"alerts.webhook_hosts: {name} needs an address and a port such as 10.0.0.5:80")
    return address.strip("[]"), int(port)
