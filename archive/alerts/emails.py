"""E-mail: plain text, its headers one line each, its links into this archive, a link that ends the alert."""

import smtplib
import ssl
from email.headerregistry import Address, BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, Policy
from email.utils import format_datetime, parseaddr
from typing import Final
from urllib.parse import urlsplit

from archive.alerts.letters import Letter, Line, one_line
from archive.alerts.post import MailServer
from archive.errors import Undelivered
from storage.errors import UsageMistake

_EVENTS: Final = {
    "corrected": "CORRECTION",
    "withdrawn": "WITHDRAWN",
    "gone": "WITHDRAWN",
}
_LISTED: Final = 50  # lines of one mail; a digest of more is read on the page
_LONGEST_ADDRESS: Final = 254


class _Addresses(BaseHeader):
    """A header of addresses in angle brackets: one line, for no program reads encoded words there."""

    max_count = 1
    parse = UnstructuredHeader.parse

    def fold(self, *, policy: Policy) -> str:
        """The line, unfolded: nothing in an address may be broken (RFC 2369)."""
        return f"{self.name}: {self}{policy.linesep}" if self.isascii() else super().fold(policy=policy)


_HEADERS: Final = HeaderRegistry()
for _name in ("list-id", "list-unsubscribe"):
    _HEADERS.map_to_type(_name, _Addresses)
_POLICY: Final = SMTP.clone(header_factory=_HEADERS)


def check(address: str) -> str:
    """The address in one spelling; UsageMistake where it is none."""
    plain = parseaddr(address)[1]
    try:
        parsed = Address(addr_spec=plain)
    except (ValueError, IndexError):
        parsed = None
    fits = plain.isprintable() and plain.isascii() and len(plain) <= _LONGEST_ADDRESS and " " not in plain
    if (
        plain != address.strip()
        or not fits
        or parsed is None
        or not parsed.username
        or "." not in parsed.domain
    ):
        raise UsageMistake("that is no e-mail address such as ada@paper.example")
    return plain


def send(server: MailServer, letter: Letter, to: str, *, patience: float) -> None:
    """Hand the message in at the server; Undelivered."""
    made = compose(letter, to, server.sender)
    try:
        with _connected(server, patience) as smtp:
            smtp.send_message(made)
    except smtplib.SMTPRecipientsRefused:
        raise Undelivered("the mail server refuses this address", only_this=True) from None
    except (smtplib.SMTPDataError, smtplib.SMTPSenderRefused) as error:
        raise Undelivered(
            f"the mail server refused the message ({error.smtp_code})", only_this=True
        ) from None
    except smtplib.SMTPAuthenticationError:
        raise Undelivered("the mail server refuses the user or the password of the settings") from None
    except (smtplib.SMTPException, OSError):
        raise Undelivered("the mail server cannot be reached, or broke off") from None


def compose(letter: Letter, to: str, sender: str) -> EmailMessage:
    """The mail. Whatever a headline holds, a header stays one line."""
    host = urlsplit(letter.base_url).hostname or "localhost"
    made = EmailMessage(policy=_POLICY)
    made["From"] = sender
    made["To"] = Address(addr_spec=to)
    made["Subject"] = one_line(_subject(letter))
    made["Date"] = format_datetime(letter.at)
    made["Message-ID"] = f"<{letter.id}@{host}>"
    made["Auto-Submitted"] = "auto-generated"
    foot = []
    if letter.alert and letter.kind != "confirm":
        end = letter.address(f"/alerts/{letter.alert.id}/end/{letter.alert.token('end')}")
        made["List-Id"] = f"<{letter.alert.id}.{host}>"
        made["List-Unsubscribe"] = f"<{end}>"
        made["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        foot = ["-- ", f"Your alerts: {letter.address('/alerts')}", f"End this one: {end}"]
    told = [_told(line) for line in letter.lines[:_LISTED]]
    if more := len(letter.lines) - _LISTED:
        told += [f"… and {more} more: {letter.address('/alerts')}"] if more > 0 else []
    made.set_content("\n\n".join([*letter.notes, *told, "\n".join(foot)]).rstrip("\n") + "\n")
    return made


def _subject(letter: Letter) -> str:
    if letter.kind != "news" or len(letter.lines) != 1:
        return letter.subject
    (line,) = letter.lines
    mark = f"{_EVENTS[line.event].capitalize()}: " if line.event in _EVENTS else ""
    return f"{mark}{line.title or line.told}"


def _told(line: Line) -> str:
    mark = f"{_EVENTS[line.event]}: " if line.event in _EVENTS else ""
    lines = [f"{mark}{one_line(line.title, 300) if line.title else line.told}"]
    if line.title:
        lines.append(line.told)
    lines += [f"  {one_line(line.extract, 400)}"] if line.extract else []
    lines += [f"  {line.url}"] if line.url else []
    return "\n".join(lines)


def _connected(server: MailServer, patience: float) -> smtplib.SMTP:
    """A session with the server, encrypted as the settings say, signed in where they name a user."""
    if server.security == "tls":
        context = ssl.create_default_context()
        smtp: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, timeout=patience, context=context)
    else:
        smtp = smtplib.SMTP(server.host, server.port, timeout=patience)
    try:
        if server.security == "starttls":
            smtp.starttls(context=ssl.create_default_context())
        if server.user:
            smtp.login(server.user, server.password or "")
    except BaseException:
        smtp.close()
        raise
    return smtp
