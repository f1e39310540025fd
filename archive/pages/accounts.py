"""The operator's page on who may enter: people, their roles, one-time links, and tokens of programs."""

from collections.abc import Callable, Mapping
from typing import Final

import sqlalchemy as sa
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from archive.guard import Guarded, person_of, visit_of
from archive.site import base_of, site_of
from storage import accounts, audit, people
from storage.dates import utc_now
from storage.errors import UsageMistake

_SHOWN_ONCE = tuple[str, str]  # what the secret is, and the secret: the only answer that ever holds it


def listed(request: Request) -> Response:
    """Everybody who may enter, and every token in force."""
    return _page(request)


def change_people(request: Request) -> Response:
    """Add an account, change its role, close or open it, give a link, sign it out everywhere."""
    form = visit_of(request).form
    act = _ON_PEOPLE.get(form.get("do", ""))
    if act is None:
        raise UsageMistake("that cannot be done with an account")
    return _done(request, act)


def change_tokens(request: Request) -> Response:
    """Make a token, or end one."""
    act = _ON_TOKENS.get(visit_of(request).form.get("do", ""))
    if act is None:
        raise UsageMistake("a token can be made or ended")
    return _done(request, act)


def _done(request: Request, act: "_Act") -> Response:
    site = site_of(request)
    base = base_of(request)
    try:
        with site.store.writing() as connection:
            shown = act(connection, visit_of(request).form, person_of(request).name)
    except UsageMistake as mistake:
        return _page(request, 422, fault=str(mistake))
    if shown is None:
        return RedirectResponse("/operator/people", 303)
    what, secret = shown
    return _page(request, shown=(what, f"{base}/sign-in/{secret}" if what.startswith("link") else secret))


def _page(
    request: Request, status: int = 200, *, fault: str | None = None, shown: _SHOWN_ONCE | None = None
) -> Response:
    site = site_of(request)
    with site.store.reading() as connection:
        held = accounts.accounts(connection, at=utc_now())
        tokens = people.list_tokens(connection)
    return site.page(
        request,
        "operator_people.html",
        status,
        accounts=held,
        tokens=tokens,
        roles=people.ROLES,
        fault=fault,
        shown=shown,
    )


def _add(connection: sa.Connection, form: Mapping[str, str], by: str) -> _SHOWN_ONCE:
    role, now = people.as_role(form.get("role", "")), utc_now()
    user_id = people.add_user(connection, form.get("name", ""), role, at=now)
    name = accounts.get(connection, user_id).name
    _note(connection, "person added", user_id, by, name=name, role=role)
    return f"link for {name}", people.sign_in_link(connection, at=now, user_id=user_id)


def _link(connection: sa.Connection, form: Mapping[str, str], by: str) -> _SHOWN_ONCE:
    held = accounts.get(connection, form.get("id", ""))
    if held.disabled:
        raise UsageMistake(f"{held.name}'s account is closed; open it first")
    _note(connection, "link made", held.id, by, name=held.name)
    return f"link for {held.name}", people.sign_in_link(connection, at=utc_now(), user_id=held.id)


def _role(connection: sa.Connection, form: Mapping[str, str], by: str) -> None:
    held, role = accounts.get(connection, form.get("id", "")), people.as_role(form.get("role", ""))
    accounts.set_role(connection, held.id, role)
    _note(connection, "role changed", held.id, by, name=held.name, before=held.role, role=role)


def _close(connection: sa.Connection, form: Mapping[str, str], by: str) -> None:
    held = accounts.get(connection, form.get("id", ""))
    accounts.close(connection, held.id, at=utc_now())
    _note(connection, "account closed", held.id, by, name=held.name)


def _reopen(connection: sa.Connection, form: Mapping[str, str], by: str) -> None:
    held = accounts.get(connection, form.get("id", ""))
    accounts.reopen(connection, held.id)
    _note(connection, "account opened", held.id, by, name=held.name)


def _sign_out(connection: sa.Connection, form: Mapping[str, str], by: str) -> None:
    held = accounts.get(connection, form.get("id", ""))
    ended = accounts.sign_out(connection, held.id, at=utc_now())
    _note(connection, "signed out everywhere", held.id, by, name=held.name, ended=str(ended))


def _token(connection: sa.Connection, form: Mapping[str, str], by: str) -> _SHOWN_ONCE:
    role, label = people.as_role(form.get("role", "")), " ".join(form.get("label", "").split())[:100]
    if not label:
        raise UsageMistake("say what the token is for, to know it again")
    secret = people.issue(connection, "token", role, at=utc_now(), label=label)
    audit.note(
        connection,
        "token made",
        "token",
        label,
        who=by,
        at=utc_now(),
        details={"role": role},
    )
    return f"token for {label}", secret


def _revoke(connection: sa.Connection, form: Mapping[str, str], by: str) -> None:
    people.end(connection, form.get("id", ""), at=utc_now())
    audit.note(connection, "token revoked", "token", form.get("id", ""), who=by, at=utc_now())


def _note(connection: sa.Connection, action: str, user_id: str, by: str, **details: str) -> None:
    audit.note(connection, action, "person", user_id, who=by, at=utc_now(), details=details)


_Act = Callable[[sa.Connection, Mapping[str, str], str], _SHOWN_ONCE | None]
_ON_PEOPLE: Final[Mapping[str, _Act]] = {
    "add": _add,
    "role": _role,
    "close": _close,
    "open": _reopen,
    "link": _link,
    "sign out": _sign_out,
}
_ON_TOKENS: Final[Mapping[str, _Act]] = {"add": _token, "revoke": _revoke}

ROUTES: Final = (
    Guarded("/operator/people", listed, needs="operator"),
    Guarded("/operator/people", change_people, needs="operator", methods=["POST"]),
    Guarded("/operator/tokens", change_tokens, needs="operator", methods=["POST"]),
)
