"""``onrecord demo --once`` from the first fetch to the links, and what it must have made of the world."""

import contextlib
import json
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from archive.export.tabled import Reading, by_row
from archive.export.tables import TABLES
from onrecord.demo.frontmatter import WORLD
from onrecord.demo.making import PAGES
from onrecord.demo.stories import outlets, stories
from storage.addresses import canonical
from storage.articles import find
from storage.places import codes
from storage.schema.crawl import captures, frontier, runs
from storage.schema.press import article_versions
from storage.schema.registers import providers, settings
from storage.store import Store
from tests.once import made_once

MAIN = "import sys; from onrecord.cli import main; sys.argv[0] = 'onrecord'; main()"


def onrecord(*arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-c", MAIN, *arguments], capture_output=True, text=True, timeout=120, check=False
    )


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """The demo's archive, made by the command, and what it printed; made once for all workers of xdist."""

    def make(folder: Path) -> None:
        done = onrecord("demo", "--once", "--json", "--archive", str(folder / "demo.db"))
        assert (done.returncode, done.stderr) == (0, "")
        (folder / "demo.json").write_text(done.stdout, encoding="utf-8")

    folder = made_once(tmp_path_factory, "demo", make)
    return folder / "demo.db", json.loads((folder / "demo.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def reading(made: tuple[Path, dict[str, Any]]) -> Iterator[sa.Connection]:
    with Store.at(made[0]) as store, store.reading() as connection:
        yield connection


def address(name: str) -> str:
    hosts = {outlet.key: outlet.host for outlet in outlets()}
    story = next(story for story in stories() if story.name == name)
    return f"https://{hosts[story.outlet]}{story.path}"


def test_it_crawls_imports_and_links_everything(made: tuple[Path, dict[str, Any]]) -> None:
    _, told = made
    crawlable = [story for story in stories() if not story.disallowed]
    assert told["made_now"]
    assert (told["articles"], told["article_versions"]) == (len(crawlable), len(crawlable) + 1)
    assert told["reports"] == 25
    assert sum(told["linked"].values()) >= 30
    assert told["evidence_bytes"] > 100_000


def test_the_progress_bar_knows_its_end(reading: sa.Connection) -> None:
    met = reading.execute(sa.select(sa.func.sum(runs.c.fetched))).scalar_one()
    assert PAGES <= met <= PAGES + 12  # the ten stories of the short feed may be met twice, as it happens


def test_nothing_is_asserted_wrongly_and_most_is_found(reading: sa.Connection) -> None:
    labels = [json.loads(line) for line in (WORLD / "answers.jsonl").read_text(encoding="utf-8").splitlines()]
    by_address = {address(label["id"]): label for label in labels}
    links = TABLES["links"]
    batches = links.read(Reading(connection=reading))
    told = [dict(zip(links.names, row, strict=True)) for batch in batches for row in by_row(batch)]
    asserted = [row for row in told if row["status"] == "linked"]
    wrong = [row for row in asserted if not is_right(row, by_address[row["article_url"]])]
    assert [(row["article_url"], row["level"], row["urn"], row["provider"]) for row in wrong] == []
    wanted = sum(len(label.get("links", "1")) for label in labels if is_wanted(label))
    assert len(asserted) >= 0.85 * wanted


def is_wanted(label: dict[str, Any]) -> bool:
    return label["level"] != "none" and not label.get("optional")


def is_right(row: dict[str, Any], label: dict[str, Any]) -> bool:
    """Whether what is asserted is true at its level."""
    if row["level"] == "provider":
        return row["provider"] in {label.get("provider"), *label.get("provider_names", ())}
    links = {(link["urn"], link["inspection_date"]) for link in label.get("links", ())}
    if row["level"] == "setting":
        return row["urn"] in {urn for urn, _ in links}
    return (row["urn"], str(row["inspection_date"])) in links


def test_two_owners_stand_in_one_group(reading: sa.Connection) -> None:
    grouped = sa.select(providers.c.group_name, sa.func.count()).where(providers.c.group_name.is_not(None))
    assert reading.execute(grouped.group_by(providers.c.group_name)).all() == [("The Farrowmere Group", 2)]


def test_the_edited_page_has_two_versions(reading: sa.Connection) -> None:
    article = find(reading, address("m06-rackendale-carpets"))
    query = sa.select(article_versions.c.text).where(article_versions.c.article_id == article)
    first, second = reading.execute(query.order_by(article_versions.c.number)).scalars()
    assert "home to five young people" in first
    assert "home to six young people" in second


def test_what_papers_print_around_a_story_is_left_out(reading: sa.Connection) -> None:
    texts = reading.execute(sa.select(article_versions.c.text)).scalars().all()
    for around in ("newsletter", "Subscribe for", "Read more", "price of a pint", "cookies", "Most read"):
        assert not [text[:60] for text in texts if around.lower() in text.lower()], around


def test_robots_txt_is_obeyed_and_a_gone_page_is_told(reading: sa.Connection) -> None:
    query = sa.select(frontier.c.url, frontier.c.outcome).where(frontier.c.kind == "article")
    ended = {canonical(row.url): row.outcome for row in reading.execute(query)}
    assert ended[canonical(address("m20-premium"))] == "refused_by_robots"
    assert "gone" in ended.values()
    asked_for = reading.execute(sa.select(captures.c.url)).scalars().all()
    assert not [url for url in asked_for if "/premium/" in url]


def test_every_invented_authority_has_a_code_that_no_real_one_has(reading: sa.Connection) -> None:
    named = set(reading.execute(sa.select(settings.c.local_authority)).scalars()) - {None}
    known = codes(reading, named)
    assert known.keys() == named
    assert all(code.startswith("X") for code in known.values())


def test_what_the_settings_open_is_open_in_the_demo_too(
    made: tuple[Path, dict[str, Any]], tmp_path: Path
) -> None:
    shutil.copytree(made[0].parent, tmp_path / "made")
    (tmp_path / "onrecord.toml").write_text("[public]\nopen = true\n", encoding="utf-8")
    command = [
        sys.executable,
        "-c",
        MAIN,
        "demo",
        "--archive",
        "made/demo.db",
        "--port",
        str(six_free_ports()),
    ]
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, text=True) as served:
        try:
            assert served.stdout
            url = next(found[1] for line in served.stdout if (found := re.search(r"is at (http\S+)", line)))
            with httpx.Client(base_url=url, trust_env=False) as anybody:
                assert anybody.get("/public").status_code == 200
                assert "Nothing yet" in anybody.get("/public").text, "nobody has confirmed a link"
                feed = anybody.get("/public.atom").text
            assert f'rel="self" href="{url}/public.atom"' in feed
        finally:
            served.terminate()
    assert served.returncode == 0


def six_free_ports() -> int:
    """The first of six ports in a row that nothing listens at."""
    for _ in range(100):
        with contextlib.suppress(OSError, OverflowError), contextlib.ExitStack() as held:
            first = held.enter_context(socket.create_server(("127.0.0.1", 0))).getsockname()[1]
            for further in range(1, 6):
                held.enter_context(socket.create_server(("127.0.0.1", first + further)))
            return int(first)
    raise AssertionError("no six free ports in a row")


def test_a_second_time_nothing_is_made_again(made: tuple[Path, dict[str, Any]]) -> None:
    path, told = made
    again = json.loads(onrecord("demo", "--once", "--json", "--archive", str(path)).stdout)
    assert not again["made_now"]
    assert again["captures"] == told["captures"]


def test_a_newsrooms_archive_is_left_alone(tmp_path: Path) -> None:
    story = {"url": "https://paper.example/a", "title": "A", "text": "Words of a newsroom's own."}
    given = tmp_path / "articles.jsonl"
    given.write_text(json.dumps(story) + "\n", encoding="utf-8")
    archive = str(tmp_path / "newsroom.db")
    assert onrecord("import", "articles", str(given), "--archive", archive).returncode == 0
    for further in ((), ("--fresh",)):
        refused = onrecord("demo", "--once", "--archive", archive, *further)
        assert refused.returncode == 2
        assert refused.stderr.count("\n") == 1
        assert "holds a newsroom's own records" in refused.stderr
