"""No text of others, in whatever field or parameter, runs, loads or breaks anything."""

import itertools
import json
import re
from pathlib import Path

import httpx
import lxml.html
import pytest

from storage.dates import PartialDate
from tests.archive.conftest import Served
from tests.archive.world import World, a_clue

HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'><svg/onload=alert(1)>",
    "{{7*7777}}{% raw %}",
    "javascript:alert(1)//",
    "</title></textarea><iframe src=javascript:alert(1)>",
)


def hostile_world(world: World, payload: str) -> list[str]:
    """Put the payload into every field that reaches a page; the paths that show it."""
    provider = world.provider(
        f"Larkspur {payload}", sector=payload, group_name=payload, company_number=payload
    )
    setting = world.setting(
        f"SC{abs(hash(payload)) % 10**6:06}",
        provider=provider,
        kind="other",
        name=payload,
        name_withheld=False,
        local_authority=payload,
        region=payload,
        sector=payload,
        status=payload,
    )
    inspection = world.inspection(
        setting,
        overall=payload,
        event_number=payload,
        provider_name=payload,
        disagreements=[{"field": payload, "values": {payload: payload}}],
    )
    world.report(
        setting, inspection, text=f"{payload}\n\n{payload}", urn=payload, file_name=payload, url=payload
    )
    text = f"before {payload} after"
    article = world.article(
        text,
        url=payload,
        title=payload,
        outlet=payload,
        byline=payload,
        agency=payload,
        extractor=payload,
        published=PartialDate.parse("2024"),
    )
    clue = a_clue(payload, payload, text, payload, 2.0) | {"value": payload}
    world.link(
        article,
        evidence=(clue,),
        inspection_id=inspection,
        setting_id=setting,
        provider_id=provider,
        decided_by=payload,
    )
    return [
        "/",
        f"/articles/{article}",
        f"/settings/{setting}",
        f"/providers/{provider}",
        f"/inspections/{inspection}",
        "/search?q=before",
    ]


def dangers(page: str) -> list[str]:
    """What in a page could run, load or lead somewhere by another scheme than http(s)."""
    found = []
    for element in lxml.html.fromstring(page).iter():
        if not isinstance(element.tag, str):
            continue
        if element.tag == "script" and _is_ours(element):
            continue
        if element.tag in ("script", "iframe", "object", "embed", "base", "foreignobject", "style"):
            found.append(element.tag)
        if element.tag == "img" or element.get("style") is not None:
            found.append(str(element.attrib))
        for name, value in element.attrib.items():
            if name.startswith("on"):
                found.append(f"{name}={value}")
            if name in ("href", "src", "action", "formaction", "xlink:href") and not re.match(
                r"(/(?!/)|#|https?://)", value
            ):
                found.append(f"{name}={value}")
    return found


def _is_ours(script: lxml.html.HtmlElement) -> bool:
    """A file of the archive without a word of its own, or numbers for a chart, which no browser runs."""
    if (script.get("src") or "").startswith("/static/"):
        return not (script.text or "").strip()
    return script.get("src") is None and script.get("type") == "application/json"


@pytest.mark.parametrize("payload", HOSTILE)
def test_no_text_of_others_runs(served: Served, reader: httpx.Client, payload: str) -> None:
    paths = hostile_world(served.world, payload)
    served.index()
    reflected = httpx.QueryParams({"q": payload, "outlet": payload, "sort": payload})
    more = [
        f"/search?{httpx.QueryParams({'q': payload})}",
        f"/search?{reflected}",
        f"/articles/{payload}",
        f"/{payload}",
    ]
    for path in paths + more:
        answer = reader.get(path)
        assert answer.status_code < 500, path
        assert "text/html" in answer.headers["content-type"]
        assert dangers(answer.text) == [], path
        assert "54439" not in answer.text, "a template in a text is text"


@pytest.mark.real
def test_every_naughty_string_is_answered(served: Served, reader: httpx.Client, shared: Path) -> None:
    served.world.article("A quiet story.")
    served.index()
    strings = json.loads((shared / "suites/strings/blns/blns.json").read_text())
    kinds = itertools.cycle(("articles", "settings", "providers", "inspections", "reports"))
    for text, kind in zip(strings, kinds, strict=False):
        for params in ({"q": text}, {"q": "x", "outlet": text, "page": text}, {"sort": text}):
            assert reader.get("/search", params=params).status_code in (200, 422), (text, params)
        quoted = str(httpx.URL("http://x/", params={"a": text}).query, "ascii").removeprefix("a=")
        assert reader.get(f"/{kind}/{quoted}").status_code in (200, 303, 404), text
