"""Delivery to real targets: signed, in order, at least once, and no target in another's way."""

import base64
import contextlib
import datetime as dt
import errno
import random
from typing import Any

import pytest
import sqlalchemy as sa
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from archive.alerts import webhooks
from archive.alerts.delivering import deliver
from archive.alerts.signing import headers
from storage import alerts, outbox
from storage.dates import utc_now
from storage.errors import UsageMistake
from storage.schema.press import articles
from tests.archive.alerts.conftest import Newsroom
from tests.archive.alerts.receivers import mailing, receiving


def test_a_webhook_gets_each_message_once_signed_and_in_order(newsroom: Newsroom) -> None:
    newsroom.now = utc_now()  # the reference verifier looks at the clock
    with receiving() as target:
        alert = newsroom.alert(to=("webhook", newsroom.allow(target.port)))
        ids = [newsroom.tell(alert, newsroom.world.article(title=f"Home {n}")) for n in range(5)]
        tally = deliver(newsroom.store, newsroom.post, newsroom.clock)
        assert (tally.delivered, tally.failed) == (5, 0)
        assert deliver(newsroom.store, newsroom.post, newsroom.clock).delivered == 0
    assert target.ids == ids
    for one in target.got:
        told = Webhook(alert.secret).verify(one.body, one.headers)
        (item,) = told["data"]["items"]
        assert (told["type"], item["event"]) == ("alert.news", "linked")
        assert item["line"] == "A story · Bolton Beacon · 19 April 2024"
        assert item["url"].startswith("https://records.paper.example/articles/")
        assert "title" not in item, "words of the press leave only where the operator lets them"


def test_a_signature_that_was_tampered_with_is_refused_by_the_reference() -> None:
    rng, key, now = random.Random(7), b"k" * 32, utc_now()
    verifier = Webhook(base64.b64encode(key).decode())
    body = b'{"type":"alert.news","data":{"items":[]}}'
    good = headers(key, "msg-abc", body, at=now)
    verifier.verify(body, good)
    for n in range(100):
        made, content = dict(good), bytearray(body)
        part = ("webhook-id", "webhook-timestamp", "webhook-signature", "body")[n % 4]
        if part == "body":
            content[rng.randrange(len(content))] ^= 1
        elif part == "webhook-signature":
            raw = bytearray(base64.b64decode(made[part].removeprefix("v1,")))
            raw[rng.randrange(len(raw))] ^= 1 << rng.randrange(8)
            made[part] = f"v1,{base64.b64encode(bytes(raw)).decode()}"
        elif part == "webhook-timestamp":
            made[part] = str(int(made[part]) + rng.choice([-1, 1]) * rng.randrange(1, 100_000))
        else:
            made[part] += rng.choice("xyz")
        with pytest.raises(WebhookVerificationError):
            verifier.verify(bytes(content), made)


@pytest.mark.parametrize(("minutes", "fresh"), [(0, True), (4, True), (-4, True), (6, False), (-6, False)])
def test_a_message_is_good_for_five_minutes_by_the_reference(minutes: int, fresh: bool) -> None:
    key, body = b"k" * 32, b"{}"
    told = headers(key, "msg-abc", body, at=utc_now() + dt.timedelta(minutes=minutes))
    verifier = Webhook(base64.b64encode(key).decode())
    with contextlib.nullcontext() if fresh else pytest.raises(WebhookVerificationError):
        verifier.verify(body, told)


def test_a_secret_has_32_bytes_is_each_alerts_own_and_reaches_no_log(
    newsroom: Newsroom, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    with receiving() as target:
        to = ("webhook", newsroom.allow(target.port))
        made = [newsroom.alert("search", f"q={n}", to) for n in range(20)]  # type: ignore[arg-type]
        for status, alert in enumerate(made, 199):
            target.status = 200 if status % 2 else 500
            newsroom.tell(alert, newsroom.world.article())
            deliver(newsroom.store, newsroom.post, newsroom.clock)
            newsroom.later(hours=9)
    keys = [alerts.signing_key(alert) for alert in made]
    assert {len(key) for key in keys} == {32}
    assert len(set(keys)) == len(made)
    told = "\n".join(record.getMessage() + str(vars(record)) for record in caplog.records)
    told += str([one.headers for one in target.got]) + str([one.fault for one in newsroom.messages()])
    assert [alert.secret for alert in made if alert.secret.removeprefix("whsec_") in told] == []


@pytest.mark.parametrize("status", [301, 400, 404, 500, 503])
def test_what_is_not_taken_is_tried_again_under_the_same_id(newsroom: Newsroom, status: int) -> None:
    with receiving() as target:
        target.status, target.location = status, "http://127.0.0.1:1/inner"
        alert = newsroom.alert(to=("webhook", newsroom.allow(target.port)))
        first, second = (newsroom.tell(alert, newsroom.world.article()) for _ in range(2))
        assert deliver(newsroom.store, newsroom.post, newsroom.clock).failed == 1
        assert deliver(newsroom.store, newsroom.post, newsroom.clock).failed == 0, "it waits first"
        (waiting, _) = newsroom.messages("waiting")
        assert waiting.fault == f"the target answered with status {status}"
        target.status = 200
        newsroom.later(seconds=40)
        deliver(newsroom.store, newsroom.post, newsroom.clock)
    assert target.ids == [first, second]
    assert target.times[first] == 2


def test_a_target_that_is_gone_pauses_its_alert(newsroom: Newsroom) -> None:
    with receiving() as target:
        target.status = 410
        alert = newsroom.alert(to=("webhook", newsroom.allow(target.port)))
        newsroom.tell(alert, newsroom.world.article())
        assert deliver(newsroom.store, newsroom.post, newsroom.clock).dead == 1
    with newsroom.store.reading() as connection:
        assert alerts.get(connection, alert.id).state == "paused"


def test_a_slow_and_a_dead_target_slow_nobody_else(newsroom: Newsroom) -> None:
    newsroom.more["patience"] = 2.0
    with receiving() as slow, receiving() as quick:
        slow.delay = 3.0
        story = newsroom.world.article()
        slow_one = newsroom.alert(to=("webhook", newsroom.allow(slow.port, "slow.example")))
        dead_one = newsroom.alert(to=("webhook", newsroom.allow(9, "dead.example")))
        quick_one = newsroom.alert(to=("webhook", newsroom.allow(quick.port)))
        for alert in (slow_one, dead_one):
            for _ in range(5):
                newsroom.tell(alert, story)
        for _ in range(20):
            newsroom.tell(quick_one, story)
        tally = deliver(newsroom.store, newsroom.post, newsroom.clock)
    assert len(quick.got) == 20
    assert (tally.delivered, tally.failed) == (20, 2), "each bad target is tried once and left alone"
    slow_fault, dead_fault = sorted(
        filter(None, (one.fault for one in newsroom.messages("waiting"))), key=len
    )
    assert slow_fault == "the target took too long"
    assert dead_fault.startswith("the target cannot be reached")


def test_what_could_not_be_delivered_for_days_is_dead_and_the_next_one_goes(newsroom: Newsroom) -> None:
    with receiving() as target:
        target.status = 500
        alert = newsroom.alert(to=("webhook", newsroom.allow(target.port)))
        first = newsroom.tell(alert, newsroom.world.article())
        for _ in range(200):
            deliver(newsroom.store, newsroom.post, newsroom.clock)
            if newsroom.messages("dead"):
                break
            newsroom.later(hours=2)
        tries = target.times[first]
        assert newsroom.now - newsroom.messages("dead")[0].made_at < dt.timedelta(days=6)
        assert 15 < tries < 70, "soon at first, then a few times a day"
        target.status, second = 200, newsroom.tell(alert, newsroom.world.article())
        deliver(newsroom.store, newsroom.post, newsroom.clock)
    assert target.ids == [second]


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:{port}/",
        "http://localhost:{port}/",
        "http://[::1]:{port}/",
        "http://[::ffff:127.0.0.1]:{port}/",
        "http://2130706433:{port}/",
        "http://0x7f.1:{port}/",
        "http://169.254.169.254/latest/meta-data/",
        "http://10.0.0.7/",
        "http://0.0.0.0:{port}/",
    ],
)
def test_no_webhook_reaches_into_a_private_network(newsroom: Newsroom, address: str) -> None:
    with receiving() as inner:
        newsroom.tell(
            newsroom.alert(to=("webhook", address.format(port=inner.port))), newsroom.world.article()
        )
        assert deliver(newsroom.store, newsroom.post, newsroom.clock).failed == 1
    assert not inner.times
    (left,) = newsroom.messages("waiting")
    assert left.fault
    assert "127" not in left.fault


@pytest.mark.parametrize(
    "address",
    [
        "ftp://paper.example/",
        "file:///etc/passwd",
        "https://",
        "https://a:b@paper.example/",
        "x",
        "http://a\r\nb/",
        "http://a\\b.example/",
        "http://①②⑦.⓪.⓪.①/",
        "http://127.0.0.1/",
        "http://[::1]:8080/",
        "https://10.0.0.7/hook",
        "https://169.254.169.254/latest/meta-data/",
        "https://paper.example:22/",
    ],
)
def test_an_address_that_no_webhook_has_is_refused(address: str) -> None:
    with pytest.raises(UsageMistake):
        webhooks.check(address, {"hooks.example": ("127.0.0.1", 9_000)})


def test_a_host_that_an_operator_allows_may_be_anywhere() -> None:
    hosts = {"hooks.example": ("127.0.0.1", 9_000)}
    for address in ("http://hooks.example/", "https://HOOKS.example:9000/x", "https://8.8.8.8:8443/"):
        assert webhooks.check(address, hosts) == address


def test_mail_arrives_with_one_line_headers_and_a_way_out(newsroom: Newsroom) -> None:
    title = "Home told\r\nBcc: evil@example.org\r\n\r\nto improve\x0b\u2028now"
    article = newsroom.world.article("Staff at BL1 1AA were told. " + "word " * 60, title=title)
    with mailing() as postbox:
        newsroom.reads_mail_at(postbox.port)
        alert = newsroom.alert(to=("email", "ada@paper.example"))
        id_ = newsroom.tell(alert, article)
        assert deliver(newsroom.store, newsroom.post, newsroom.clock).delivered == 1
    (mail,) = postbox.got
    assert set(mail.keys()) == _HEADERS
    assert mail["To"] == "ada@paper.example"
    assert mail["Message-ID"] == f"<{id_}@records.paper.example>"
    assert mail["Subject"] == "Home told Bcc: evil@example.org to improve now"
    end = f"https://records.paper.example/alerts/{alert.id}/end/{alert.token('end')}"
    assert mail["List-Unsubscribe"] == f"<{end}>"
    text = mail.get_content()
    assert "BL1 1AA" not in text, "numbers are masked"
    assert text.count("word") <= 25
    assert end in text


_HEADERS = {
    *("From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "List-Id", "List-Unsubscribe"),
    *("List-Unsubscribe-Post", "Content-Type", "Content-Transfer-Encoding", "MIME-Version"),
}


def test_a_mailbox_that_is_refused_keeps_no_other_waiting(newsroom: Newsroom) -> None:
    story = newsroom.world.article()
    with mailing() as postbox:
        postbox.refuses.add("gone@paper.example")
        newsroom.reads_mail_at(postbox.port)
        for name in ("gone", "ada", "bea"):
            newsroom.tell(newsroom.alert(to=("email", f"{name}@paper.example")), story)
        tally = deliver(newsroom.store, newsroom.post, newsroom.clock)
    assert (tally.delivered, tally.failed) == (2, 1)
    assert {mail["To"] for mail in postbox.got} == {"ada@paper.example", "bea@paper.example"}


@pytest.mark.parametrize("restrict", ["restricted", "taken down"])
def test_what_was_restricted_before_it_left_is_not_told(newsroom: Newsroom, restrict: str) -> None:
    article = newsroom.world.article(title="A name nobody may read")
    with mailing() as postbox:
        newsroom.reads_mail_at(postbox.port)
        newsroom.tell(newsroom.alert(), article)
        with newsroom.store.writing() as connection:
            connection.execute(sa.update(articles).values(restriction=restrict))
        deliver(newsroom.store, newsroom.post, newsroom.clock)
    (mail,) = postbox.got
    assert "A name" not in mail.as_string()
    assert article not in mail.as_string()


def test_an_ended_alert_sends_nothing_and_a_paused_one_waits(newsroom: Newsroom) -> None:
    def left(**states: Any) -> set[str]:
        return {one.state for one in newsroom.messages()}

    with receiving() as target:
        alert = newsroom.alert(to=("webhook", newsroom.allow(target.port)))
        newsroom.tell(alert, newsroom.world.article())
        with newsroom.store.writing() as connection:
            alerts.pause(connection, alert.id, at=newsroom.now)
        deliver(newsroom.store, newsroom.post, newsroom.clock)
        assert left() == {"waiting"}
        with newsroom.store.writing() as connection:
            alerts.end(connection, alert.id, at=newsroom.now)
        deliver(newsroom.store, newsroom.post, newsroom.clock)
        assert left() == {"empty"}
    assert not target.got


def test_a_disk_that_is_full_stops_the_round_with_that_fault_and_nothing_is_lost(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    with receiving() as target:
        alert = newsroom.alert(to=("webhook", newsroom.allow(target.port)))
        message = newsroom.tell(alert, newsroom.world.article())
        with monkeypatch.context() as full:

            def claim(*_: object, **__: object) -> None:
                raise OSError(errno.ENOSPC, "No space left on device")

            full.setattr(outbox, "claim", claim)
            with pytest.raises(OSError, match="No space left"):
                deliver(newsroom.store, newsroom.post, newsroom.clock)
        assert deliver(newsroom.store, newsroom.post, newsroom.clock).delivered == 1
    assert target.ids == [message]
