"""Webhooks: one signed POST, to the public internet or to a host that the operator allowed by name.

The address is checked where the connection is made, so whatever a name leads to by then. No redirect is
followed, and of the answer nothing but its status is read.
"""

import json
import socket
from typing import Any, Final
from urllib.parse import urlsplit

import aiohttp
import yarl
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import DefaultResolver

from archive.alerts.letters import Letter
from archive.alerts.signing import headers
from archive.errors import Undelivered
from storage.alerts import signing_key
from storage.errors import UsageMistake
from storage.networks import WEB_PORTS, Hosts, is_ip, is_public

_UNREACHED: Final = (
    "the target cannot be reached, or is no public web address (an operator can allow a host of your own)"
)
"""One answer for both: otherwise whoever makes an alert could ask which names our own network has."""
_NEVER: Final = (
    "webhooks reach the public web alone, at ports 80, 443, 8080 and 8443; an operator can allow"
    " a host of your own network by name, under [alerts.webhook_hosts] in onrecord.toml"
)
_GONE: Final = 410


class _NotPublic(OSError):
    """The name leads into a private network."""


class _Resolver(AbstractResolver):
    def __init__(self, hosts: Hosts) -> None:
        self._hosts, self._system = hosts, DefaultResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        if served := self._hosts.get(host.lower()):
            numbers = socket.AI_NUMERICHOST
            return [
                ResolveResult(
                    hostname=host,
                    host=served[0],
                    port=served[1],
                    family=socket.AF_INET,
                    proto=0,
                    flags=numbers,
                )
            ]
        found = await self._system.resolve(host, port, family)
        if port not in WEB_PORTS or not all(is_public(result["host"]) for result in found):
            raise _NotPublic
        return found

    async def close(self) -> None:
        await self._system.close()


def check(url: str, hosts: Hosts) -> str:
    """The address in one spelling; UsageMistake for one that no webhook can have, or that none may reach."""
    wrong = UsageMistake("a webhook's address begins with https:// or http:// and names a host, no password")
    if not url.isprintable() or " " in url:
        raise wrong
    try:
        parts, host = urlsplit(url), yarl.URL(url).host or ""
        port = parts.port
    except ValueError:
        raise wrong from None
    if parts.scheme not in ("http", "https") or not host or "@" in parts.netloc or port == 0:
        raise wrong
    if host.lower() not in hosts and not _may_be_public(host, port):
        raise UsageMistake(_NEVER)
    return parts._replace(fragment="").geturl()


def _may_be_public(host: str, port: int | None) -> bool:
    """Whether it may be in the public web, as far as the address itself tells."""
    return (port is None or port in WEB_PORTS) and not (is_ip(host) and not is_public(host))


def session(hosts: Hosts) -> aiohttp.ClientSession:
    """What webhooks are posted with; it connects to no private address."""

    def made(info: tuple[int, int, int, str, tuple[object, ...]]) -> socket.socket:
        family, kind, protocol, _, (ip, port, *_) = info
        allowed = (ip, port) in {tuple(served) for served in hosts.values()}
        if not allowed and not (is_public(str(ip)) and port in WEB_PORTS):
            raise _NotPublic
        return socket.socket(family, kind, protocol)

    connector = aiohttp.TCPConnector(resolver=_Resolver(hosts), socket_factory=made, force_close=True)
    return aiohttp.ClientSession(
        connector=connector, trust_env=False, cookie_jar=aiohttp.DummyCookieJar(), auto_decompress=False
    )


async def post(client: aiohttp.ClientSession, letter: Letter, hosts: Hosts) -> None:
    """Hand the message to its target; Undelivered."""
    assert letter.alert is not None, "a webhook belongs to an alert"
    url, content = yarl.URL(letter.alert.address), body(letter)
    if is_ip(url.host or "") and not is_public(url.host or ""):
        raise Undelivered(_UNREACHED)
    if url.scheme == "https" and (url.host or "").lower() in hosts:
        # Served by name in our own network, where nobody has a certificate for that name.
        url = url.with_scheme("http")
    signed = headers(signing_key(letter.alert), letter.id, content, at=letter.at)
    typed = {**signed, "Content-Type": "application/json", "User-Agent": "OnRecord"}
    try:
        async with client.post(url, data=content, headers=typed, allow_redirects=False) as answer:
            status = answer.status
    except (_NotPublic, aiohttp.ClientConnectorError):
        raise Undelivered(_UNREACHED) from None
    except (aiohttp.ClientError, OSError):
        raise Undelivered("the connection to the target broke off") from None
    if not 200 <= status < 300:
        told = "the target answered that it takes no messages any more" if status == _GONE else None
        raise Undelivered(told or f"the target answered with status {status}", gone=status == _GONE)


def body(letter: Letter) -> bytes:
    """The message as JSON: a type, a time, and what is told, each with an id of its own."""
    data: dict[str, Any] = {
        "alert": letter.alert.id if letter.alert else None,
        "follows": letter.subject,
        "items": [
            {
                "id": line.id,
                "event": line.event,
                "line": line.told,
                "url": line.url,
                **({"title": line.title} if line.title else {}),
                **({"extract": line.extract} if line.extract else {}),
            }
            for line in letter.lines
        ],
    }
    if letter.notes:
        data["notes"] = list(letter.notes)
    told = {"type": f"alert.{letter.kind}", "timestamp": letter.at.isoformat(), "data": data}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()
