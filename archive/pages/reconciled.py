"""What a table that was reconciled leads to: an entity's page by its id alone, and a preview of it."""

from typing import Final
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from archive.api.reconcile import BY_TOKEN, PROPERTIES, ROOT
from archive.guard import Guarded
from archive.reading.reconciled import Entity, entities
from archive.site import site_of

_FRAMED: Final = "default-src 'none'; form-action 'none'; base-uri 'none'; frame-ancestors *"


def record(request: Request) -> Response:
    """To the page of a provider or a setting."""
    one = _entity(request, request.path_params["id"])
    return RedirectResponse(f"/{one.type}s/{quote(one.id, safe='')}", 303)


def preview(request: Request) -> Response:
    """A small page to stand in another's; it has no script, no style, no form and no link."""
    one = _entity(request, request.query_params.get("id", ""))
    template = site_of(request).templates.get_template("preview.html")
    shown = {told: one.facts[name] for name, told in PROPERTIES[one.type].items() if one.facts.get(name)}
    headers = {"Content-Security-Policy": _FRAMED}
    return HTMLResponse(template.render(entity=one, shown=shown), headers=headers)


def _entity(request: Request, id_: str) -> Entity:
    with site_of(request).store.reading() as connection:
        found = entities(connection, [id_]) if "\0" not in id_ else []
    if not found:
        raise HTTPException(404)
    return found[0]


ROUTES: Final = (
    Guarded("/record/{id}", record, needs="reader"),
    Guarded(f"{ROOT}/preview", preview, needs="reader"),
    Guarded(f"{BY_TOKEN}/preview", preview, needs="reader", token_in_path=True),
)
