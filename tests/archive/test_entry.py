"""Who gets in: every route as declared, one-time links, passwords, forms from our own pages only."""

import re

import httpx
import pytest

from archive.guard import Guarded, safe_next
from archive.routes import ROUTES
from storage import people
from storage.dates import utc_now
from tests.archive.conftest import Served, form_token

PASSWORD = "correct horse battery"


def concrete(route: Guarded) -> str:
    """The route's path with something in each of its places."""
    return re.sub(r"\{(\w+)(:path)?\}", lambda place: "archive.css" if place[2] else "x", route.path)


@pytest.mark.parametrize("role", [None, *people.ROLES])
def test_every_route_answers_as_it_declares(served: Served, role: people.Role | None) -> None:
    wrong = []
    with served.client(role) as client:
        for route in ROUTES:
            if route.path.startswith("/api/v1/"):
                headers = served.token(role) if role else {}
                method = "POST" if route.methods == {"POST"} else "GET"
                answer = client.request(method, concrete(route), headers=headers)
                allowed = answer.status_code not in (401, 403)
            elif route.methods == {"POST"}:
                continue  # those are held to come from our own pages; tested below
            else:
                answer = client.get(concrete(route))
                asked_in = answer.status_code == 303 and answer.headers["location"].startswith("/sign-in")
                allowed = not asked_in and answer.status_code != 403
            meant = route.needs == "anyone" or (
                role is not None and people.ROLES.index(role) >= people.ROLES.index(route.needs)
            )
            if allowed != meant:
                wrong.append((route.path, role))
    assert wrong == []


def test_the_application_has_no_route_that_is_not_declared(served: Served) -> None:
    assert all(isinstance(route, Guarded) and route.needs for route in ROUTES)
    with served.client(None) as client:
        for path in (
            "/docs",
            "/openapi.json",
            "/metrics/",
            "/search/",
            "/static/",
            "/static/../app.py",
            "/static/..%2fapp.py",
        ):
            assert client.get(path).status_code == 404, path


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "null"},
        {"Origin": "https://evil.example"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site", "Origin": "https://evil.example"},
        {"Sec-Fetch-Site": "none"},
    ],
)
def test_no_change_is_made_for_another_site(served: Served, headers: dict[str, str]) -> None:
    with served.client("operator") as client:
        page = client.get("/").text
        for route in ROUTES:
            if route.methods == {"POST"}:
                sent = {"token": form_token(page)}
                # The API takes no session at all.
                refused = 401 if route.path.startswith("/api/") else 403
                # One click of a mail program comes from anywhere; the secret in the address is not right here.
                refused = 404 if route.from_anywhere else refused
                assert client.post(concrete(route), data=sent, headers=headers).status_code == refused
                plain = {"Content-Type": "text/plain", "Sec-Fetch-Site": "same-origin"}
                assert client.post(concrete(route), content="token=x", headers=plain).status_code == refused
            elif route.methods:
                assert client.post(concrete(route), headers=headers).status_code in (401, 403, 404, 405)
        assert client.get("/").status_code == 200, "still signed in"


def test_a_form_needs_its_token(served: Served) -> None:
    ours = {"Sec-Fetch-Site": "same-origin"}
    with served.client("reader") as client:
        for token in ("", "0" * 64, "é"):
            assert client.post("/sign-out", data={"token": token}, headers=ours).status_code == 403
        token = form_token(client.get("/").text)
        assert client.post("/sign-out", data={"token": token}, headers=ours).status_code == 303
        assert client.get("/").status_code == 303


def test_a_one_time_link_is_spent_by_its_button_alone(served: Served) -> None:
    with served.store.writing() as connection:
        link = f"/sign-in/{people.sign_in_link(connection, at=utc_now())}"
    with served.client(None) as client:
        page = client.get(link)
        again = client.get(link)
        assert (page.status_code, again.status_code) == (200, 200), "looking spends nothing"
        form = {"token": form_token(page.text), "name": "Ada Moss", "password": PASSWORD}
        entered = client.post(link, data=form, headers={"Origin": served.url})
        assert (entered.status_code, entered.headers["location"]) == (303, "/")
        cookie = entered.headers["set-cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=lax" in cookie
        assert "Ada Moss" in client.get("/").text
    with served.client(None) as other:
        assert other.get(link).status_code == 410


def test_a_name_and_password_sign_in_and_lead_on(served: Served) -> None:
    with served.store.writing() as connection:
        people.add_user(connection, "Ada Moss", "reader", at=utc_now(), password=PASSWORD)
    with served.client(None) as client:
        asked = client.get("/search?q=bolton&page=2")
        assert asked.headers["location"] == "/sign-in?next=%2Fsearch%3Fq%3Dbolton%26page%3D2"
        token = form_token(client.get(asked.headers["location"]).text)
        form = {"token": token, "name": "Ada Moss", "password": "wrong wrong", "next": "/search?q=bolton"}
        ours = {"Sec-Fetch-Site": "same-origin"}
        assert client.post("/sign-in", data=form, headers=ours).status_code == 403
        entered = client.post("/sign-in", data=form | {"password": PASSWORD}, headers=ours)
        assert (entered.status_code, entered.headers["location"]) == (303, "/search?q=bolton")


def test_passwords_cannot_be_tried_by_the_thousand(served: Served) -> None:
    ours = {"Sec-Fetch-Site": "same-origin"}
    with served.client(None) as client:
        form = {"token": form_token(client.get("/sign-in").text), "name": "x", "password": "y"}
        answers = [client.post("/sign-in", data=form, headers=ours) for _ in range(11)]
    assert [answer.status_code for answer in answers] == [403] * 10 + [429]
    assert answers[-1].headers["retry-after"] == "60"


@pytest.mark.parametrize(
    "target",
    [
        "//evil.example",
        "/\\evil.example",
        "https://evil.example",
        "javascript:alert(1)",
        "/\t/evil.example",
        "/%0a\n",
        "evil",
        "",
        None,
    ],
)
def test_signing_in_never_leads_off_site(target: str | None) -> None:
    assert safe_next(target) == "/"


def test_a_host_that_is_not_ours_is_refused(served: Served) -> None:
    with served.client("reader") as client:
        assert client.get("/", headers={"Host": "evil.example"}).status_code == 400
        forwarded = client.get("/", headers={"X-Forwarded-Host": "evil.example"})
        assert "evil.example" not in forwarded.text + str(forwarded.headers)


def test_every_answer_is_private_and_strict(served: Served) -> None:
    with served.client("reader") as client:
        for path in ("/", "/search?q=x", "/nothing", "/api/v1/search", "/static/archive.css"):
            headers = client.get(path).headers
            assert headers["content-security-policy"].startswith("default-src 'none'")
            assert "unsafe" not in headers["content-security-policy"]
            assert headers["x-content-type-options"] == "nosniff"
            assert headers["referrer-policy"] == "no-referrer"
            assert "noindex" in headers["x-robots-tag"]
            if not path.startswith("/static"):
                assert headers["cache-control"] == "no-store"


def test_a_body_of_megabytes_is_refused(served: Served) -> None:
    with httpx.Client(base_url=served.url, trust_env=False) as client:
        form = {"token": "x" * 2_000_000}
        assert (
            client.post("/sign-in", data=form, headers={"Sec-Fetch-Site": "same-origin"}).status_code == 413
        )
