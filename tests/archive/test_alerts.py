"""The pages of alerts over HTTP: making one with its rate, its secret once, confirming, ending, retrying."""

import re
from collections.abc import Iterator

import httpx
import pytest
import sqlalchemy as sa

from archive.alerts.post import Chat, MailServer, Post
from storage import alerts, follows, outbox
from storage.alerts import Alert
from storage.dates import utc_now
from storage.schema.assertions import assertions
from storage.schema.press import articles
from storage.search.indexer import open_indexer
from storage.store import Store
from tests.archive.conftest import Served, form_token, serving

OURS = {"Sec-Fetch-Site": "same-origin"}
POST = Post(
    base_url="https://records.paper.example",
    mail=MailServer(host="127.0.0.1"),
    chats={"newsdesk": Chat(url="slack://a-password/in/it")},
)


@pytest.fixture
def sending(store: Store) -> Iterator[Served]:
    """An archive that can send."""
    with open_indexer(store):
        pass
    with serving(store, post=POST) as served:
        yield served


@pytest.fixture
def member(sending: Served) -> Iterator[httpx.Client]:
    with sending.client("reader") as client:
        yield client


def post(client: httpx.Client, path: str, **form: str) -> httpx.Response:
    token = form_token(client.get("/alerts").text)
    return client.post(path, data={"token": token, **form}, headers=OURS)


def followed(served: Served, client: httpx.Client, what: str = "search", target: str = "q=home") -> str:
    """Follow something; the id of the follow."""
    token = form_token(client.get("/about").text)
    said = {"what": what, "target": target, "title": "Homes <b>here</b>", "token": token}
    client.post("/follow", data=said, headers=OURS)
    found = re.search(r"/alerts/new\?follow=([\w-]+)", client.get("/following").text)
    assert found
    return found[1]


def the_alert(served: Served) -> Alert:
    with served.store.reading() as connection:
        (one,) = alerts.lasting(connection)
    return one


def test_a_webhooks_secret_is_shown_once_and_the_chats_address_never(
    sending: Served, member: httpx.Client
) -> None:
    follow = followed(sending, member)
    form = member.get(f"/alerts/new?follow={follow}").text
    assert "Homes &lt;b&gt;here&lt;/b&gt;" in form
    assert "newsdesk" in form
    assert "a-password" not in form
    said = {"follow": follow, "channel": "webhook", "rhythm": "instant", "address": "https://h.example/x"}
    made = post(member, "/alerts", **said)
    assert the_alert(sending).secret in made.text
    assert len(the_alert(sending).secret) > 40
    for page in ("/alerts", "/operator/alerts"):
        with sending.client("operator") as operator:
            assert the_alert(sending).secret not in (member if page == "/alerts" else operator).get(page).text


@pytest.mark.parametrize(
    "said",
    [
        {"channel": "webhook", "address": "ftp://x.example/"},
        {"channel": "email", "address": "ada"},
        {"channel": "email", "address": "ada@paper.example\nBcc: x@y.example"},
        {"channel": "chat", "chat": "slack://mine"},
        {"channel": "pigeon"},
        {"channel": "webhook", "address": "https://h.example/", "rhythm": "hourly"},
    ],
)
def test_what_cannot_be_an_alert_is_told(sending: Served, member: httpx.Client, said: dict[str, str]) -> None:
    follow = followed(sending, member)
    answer = post(member, "/alerts", **({"follow": follow, "rhythm": "daily"} | said))
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text


def test_the_rate_to_be_expected_is_told_before_it_is_made(sending: Served, member: httpx.Client) -> None:
    world = sending.world
    provider = world.provider()
    setting = world.setting(provider=provider)
    visit = world.inspection(setting)
    copies = [world.article(title="A home") for _ in range(3)]
    world.story(copies[:2])
    for article in copies:
        world.link(
            article, inspection_id=visit, setting_id=setting, provider_id=provider, decided_at=utc_now()
        )
    with sending.store.writing() as connection:
        connection.execute(sa.update(assertions).values(at=utc_now()))
        connection.execute(sa.update(articles).values(first_seen=utc_now()))
    sending.index()
    for what, target in (("setting", setting), ("search", "q=home")):
        with sending.client("reader") as client:
            page = client.get(f"/alerts/new?follow={followed(sending, client, what, target)}").text
        assert "<strong>2</strong> stories in the last 30 days" in page, what
    with sending.client("reader") as client:
        page = client.get(f"/alerts/new?follow={followed(sending, client, 'search', 'q=x&sort=loud')}").text
    assert "This search does not run" in page


def test_mail_begins_when_the_address_is_confirmed_and_ends_by_one_click(
    sending: Served, member: httpx.Client
) -> None:
    said = {"channel": "email", "address": "ada@paper.example", "rhythm": "daily"}
    post(member, "/alerts", follow=followed(sending, member), **said)
    alert = the_alert(sending)
    assert alert.state == "unconfirmed"
    with sending.client(None) as anyone:
        there = f"/alerts/{alert.id}/confirm/{alert.token('confirm')}"
        for wrong in (f"/alerts/{alert.id}/confirm/{alert.token('end')}", f"/alerts/{alert.id}/end/x"):
            assert anyone.get(wrong).status_code == 404
        token = form_token(anyone.get(there).text)
        assert the_alert(sending).state == "unconfirmed", "a look changes nothing"
        anyone.post(there, data={"token": token}, headers=OURS)
        assert the_alert(sending).state == "on"
        end = f"/alerts/{alert.id}/end/{alert.token('end')}"
        assert anyone.get(end).status_code == 200
        assert the_alert(sending).state == "on"
        assert anyone.post(f"{end}x", data={"List-Unsubscribe": "One-Click"}).status_code == 404
        assert anyone.post(end, data={"List-Unsubscribe": "One-Click"}).status_code == 200
        with sending.store.reading() as connection:
            assert alerts.lasting(connection) == []


def test_an_alert_is_ones_own_and_its_messages_too(sending: Served, member: httpx.Client) -> None:
    said = {"channel": "chat", "chat": "newsdesk", "rhythm": "weekly"}
    post(member, "/alerts", follow=followed(sending, member), **said)
    alert = the_alert(sending)
    for do, state in (("pause", "paused"), ("resume", "on")):
        post(member, f"/alerts/{alert.id}", do=do)
        assert the_alert(sending).state == state
    post(member, f"/alerts/{alert.id}", do="rhythm", rhythm="daily")
    assert the_alert(sending).rhythm == "daily"
    post(member, f"/alerts/{alert.id}", do="test")
    post(member, f"/alerts/{alert.id}", do="test")
    with sending.store.writing() as connection:
        (message,) = outbox.listed(connection)
        taken = outbox.claim(connection, message.id, at=utc_now())
        assert taken
        outbox.failed(connection, taken, "no", at=utc_now(), keep=utc_now() - utc_now())
    with sending.client("reviewer") as other:
        for path, form in ((f"/alerts/{alert.id}", {"do": "end"}), ("/alerts/retry", {"id": message.id})):
            assert post(other, path, **form).status_code == 404
    with sending.client("operator") as operator:
        assert "newsdesk" in operator.get("/operator/alerts").text
    assert post(member, "/alerts/retry", id=message.id).status_code == 303
    with sending.store.reading() as connection:
        assert outbox.get(connection, message.id).state == "waiting"
    post(member, f"/alerts/{alert.id}", do="end")
    with sending.store.reading() as connection:
        assert alerts.lasting(connection) == []
        assert follows.lasting(connection), "what is followed stays so"


def test_where_nothing_can_be_sent_the_page_says_so(served: Served, reader: httpx.Client) -> None:
    follow = followed(served, reader)
    assert "base_url" in reader.get(f"/alerts/new?follow={follow}").text
