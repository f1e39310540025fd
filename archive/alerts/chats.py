"""Chats and other services that apprise speaks to; an operator names them, people choose one by its name."""

from archive.alerts.letters import Letter, one_line
from archive.alerts.post import Chat
from archive.errors import Undelivered

_LISTED = 10  # lines of one message: a chat is no place for more


def send(chat: Chat, letter: Letter) -> None:
    """Hand the message to the service; Undelivered."""
    try:
        import apprise  # noqa: PLC0415  # an extra; and 0.5 s that only a chat needs
    except ModuleNotFoundError:
        raise Undelivered("the package apprise is not installed: pip install 'onrecord[chat]'") from None
    service = apprise.Apprise()
    if not service.add(chat.url):
        raise Undelivered("apprise does not understand the chat's address in the settings")
    made = service.notify(
        title=one_line(letter.subject), body=text(letter), body_format=apprise.NotifyFormat.TEXT
    )
    if not made:
        raise Undelivered("the chat did not take the message")


def text(letter: Letter) -> str:
    """The message in lines."""
    told = [
        "\n".join(filter(None, (line.title and one_line(line.title, 300), line.told, line.extract, line.url)))
        for line in letter.lines[:_LISTED]
    ]
    if (more := len(letter.lines) - _LISTED) > 0:
        told.append(f"… and {more} more: {letter.address('/alerts')}")
    return "\n\n".join([*letter.notes, *told])
