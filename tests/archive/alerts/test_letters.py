"""What a message looks like on each channel, whatever a headline or the name of an alert holds."""

import dataclasses
import datetime as dt
import json
from email import policy
from email.parser import BytesParser
from pathlib import Path

import pytest

from archive.alerts import chats, emails
from archive.alerts.letters import Letter, Line
from archive.alerts.post import Chat
from archive.errors import Undelivered
from storage.alerts import Alert
from tests.archive.alerts.conftest import BASE
from tests.archive.alerts.receivers import receiving

AT = dt.datetime(2024, 6, 3, 9, 30, tzinfo=dt.UTC)
BREAKS = ("\r\n", "\n", "\r", "\r\n\r\n", "\n\n", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029", "%0d%0a", "\\r\\n",
          "=0D=0A", "\u560d\u560a", "\r\n ", "\n\t", "\x00\r\n", "?=\r\n =?utf-8?q?")  # fmt: skip


def an_alert(title: str) -> Alert:
    none = dict.fromkeys((one.name for one in dataclasses.fields(Alert)), None)
    values = {
        "id": "alert-a",
        "title": title,
        "channel": "email",
        "secret": "whsec_eHh4",
        "address": "a@b.example",
    }
    return Alert(**(none | values))  # type: ignore[arg-type]


def a_letter(*titles: str) -> Letter:
    lines = tuple(
        Line(id=f"i{n}", event="linked", told="A story", url=f"{BASE}/articles/a", title=title, extract=title)
        for n, title in enumerate(titles)
    )
    subject = f"Alert: {titles[0]}"
    return Letter(
        id="msg-a", kind="news", subject=subject, lines=lines, at=AT, alert=an_alert(titles[0]), base_url=BASE
    )


@pytest.mark.parametrize("break_", BREAKS)
def test_no_headline_makes_a_header(break_: str) -> None:
    evil = f"Home{break_}Bcc: evil@example.org{break_}Content-Type: text/html{break_}{break_}<script>"
    plain = set(parsed(a_letter("Home")).keys())
    for letter in (a_letter(evil), a_letter(evil, evil)):
        mail = parsed(letter)
        assert set(mail.keys()) == plain
        assert len(mail.keys()) == len(plain)
        assert mail.get_content_type() == "text/plain"


@pytest.mark.real
def test_no_known_string_makes_a_header(shared: Path) -> None:
    """A12: every naughty string as headline, as name of what is followed, and as outlet in the line."""
    strings = json.loads((shared / "suites/strings/blns/blns.json").read_text(encoding="utf-8"))
    payloads = [f"{one}{break_}Bcc: x@y.example" for one in strings[::30] for break_ in BREAKS]
    plain = sorted(parsed(a_letter("Home")).keys())
    assert len(strings) == 515
    for text in (*strings, *payloads):
        letter = dataclasses.replace(a_letter(text or "–"), subject=f"Alert: {text}")
        for one in (letter, dataclasses.replace(letter, lines=(*letter.lines, *letter.lines))):
            made = bytes(emails.compose(one, "ada@paper.example", "On Record <onrecord@paper.example>"))
            mail = BytesParser(policy=policy.default).parsebytes(made)
            assert sorted(mail.keys()) == plain, text
            head = made.partition(b"\r\n\r\n")[0]
            assert b"\n" not in head.replace(b"\r\n", b""), text
            assert all(len(line) <= 998 for line in head.split(b"\r\n")), text


def parsed(letter: Letter):  # type: ignore[no-untyped-def]
    """The mail as its receiver reads it."""
    made = emails.compose(letter, "ada@paper.example", "On Record <onrecord@paper.example>")
    return BytesParser(policy=policy.default).parsebytes(bytes(made))


@pytest.mark.parametrize("host", ["a.example", f"{'records.' * 20}paper.example"])
def test_the_way_out_is_one_line_as_a_mail_program_reads_it(host: str) -> None:
    """RFC 2369 and 8058: an address in angle brackets, in no encoded word, broken nowhere, however long."""
    letter = dataclasses.replace(a_letter("Home"), base_url=f"https://{host}")
    made = bytes(emails.compose(letter, "ada@paper.example", "On Record <onrecord@paper.example>"))
    end = f"https://{host}/alerts/alert-a/end/{an_alert('Home').token('end')}"
    lines = made.decode("ascii").split("\r\n")
    assert f"List-Unsubscribe: <{end}>" in lines
    assert "List-Unsubscribe-Post: List-Unsubscribe=One-Click" in lines
    assert f"List-Id: <alert-a.{host}>" in lines


def test_a_long_digest_is_cut_and_says_so() -> None:
    letter = a_letter(*(f"Home {n}" for n in range(80)))
    assert "… and 30 more: https://records.paper.example/alerts" in parsed(letter).get_content()
    assert "… and 70 more" in chats.text(letter)


@pytest.mark.filterwarnings(
    "ignore:'imghdr' is deprecated"
)  # apprise loads it for pictures that we never send
def test_a_chat_is_told_by_apprise_and_a_failure_is_one() -> None:
    with receiving() as target:
        chat = Chat(url=f"json://127.0.0.1:{target.port}/")
        chats.send(chat, a_letter("Home told to improve"))
        (got,) = target.got
        assert got.told["title"] == "Alert: Home told to improve"
        assert "A story" in got.told["message"]
        target.status = 500
        with pytest.raises(Undelivered, match="did not take"):
            chats.send(chat, a_letter("Home"))
    with pytest.raises(Undelivered, match="does not understand"):
        chats.send(Chat(url="pigeon:/"), a_letter("Home"))
