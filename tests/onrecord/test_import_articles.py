"""``onrecord import articles``: every kind of file, and one clear line for what cannot be taken."""

import gzip
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner

from onrecord.application import app
from storage import articles, captures
from storage.evidence import EvidenceFolder
from storage.place import Place
from storage.schema.press import article_versions
from storage.schema.press import articles as table
from storage.store import Store
from tests.engines import Address

PAGE = """<!doctype html><html><head><meta charset="utf-8"><title>Home must improve - Wealden Post</title>
<link rel="canonical" href="https://www.wealdenpost.example/news/home-must-improve">
<meta property="og:site_name" content="Wealden Post">
<meta property="article:published_time" content="2024-02-09T06:00:00Z"></head>
<body><nav><a href="/">Home</a></nav><article><h1>Home must improve</h1>
<p>A children’s home in Kent was told to improve after two inspectors visited it in January.</p>
<p>The home, run by Oasthouse Care, looks after up to three children and is not named.</p></article>
</body></html>
"""


def a_line(number: int = 1, **given: object) -> str:
    usual = {
        "url": f"https://www.wealdenpost.example/{number}",
        "title": f"Story {number}",
        "text": f"Text of story {number}.",
        "outlet": "Wealden Post",
        "published": "2024-02",
        "byline": None,
        "id": f"w-{number}",
    }
    return json.dumps(usual | given)


@pytest.fixture
def archive(archive: Address, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Address:
    monkeypatch.chdir(tmp_path)
    return archive


def run(archive: Address, *paths: Path | str) -> tuple[int, dict[str, object], str]:
    """Exit status, the JSON printed, and what stands on standard error."""
    arguments = ["import", "articles", *map(str, paths), "--archive", str(archive), "--json"]
    result = CliRunner().invoke(app, arguments)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, json.loads(result.stdout), result.stderr


def rows(archive: Address) -> list[Any]:
    with Store.at(archive) as store, store.reading() as connection:
        query = sa.select(table.c.url, table.c.external_id, table.c.published, article_versions.c.text)
        joined = query.join(article_versions, article_versions.c.article_id == table.c.id)
        return list(connection.execute(joined.order_by(table.c.url, article_versions.c.number)))


def test_lines_come_in_once(archive: Address, tmp_path: Path) -> None:
    file = tmp_path / "articles.jsonl"
    file.write_text(f"\ufeff{a_line(1)}\n\n{a_line(2, published=None)}\n")
    first, again = run(archive, file), run(archive, file)
    assert (first[0], first[1]["new"], first[1]["unchanged"]) == (0, 2, 0)
    assert (again[0], again[1]["new"], again[1]["unchanged"]) == (0, 0, 2)
    assert rows(archive) == [
        ("https://www.wealdenpost.example/1", "w-1", "2024-02", "Text of story 1."),
        ("https://www.wealdenpost.example/2", "w-2", None, "Text of story 2."),
    ]


def test_another_file_with_an_edited_story_adds_a_version(archive: Address, tmp_path: Path) -> None:
    (tmp_path / "one.jsonl").write_text(f"{a_line(1)}\n{a_line(2)}\n")
    (tmp_path / "two.jsonl").write_text(f"{a_line(1, text='Corrected.')}\n{a_line(2)}\n")
    run(archive, tmp_path / "one.jsonl")
    status, printed, _ = run(archive, tmp_path / "two.jsonl")
    assert (status, printed["new"], printed["new_versions"], printed["unchanged"]) == (0, 0, 1, 1)
    assert [row.text for row in rows(archive)] == ["Text of story 1.", "Corrected.", "Text of story 2."]


def test_a_saved_page_is_read_and_its_bytes_are_kept(archive: Address, tmp_path: Path) -> None:
    (tmp_path / "cutting.html").write_text(PAGE)
    assert run(archive, tmp_path / "cutting.html")[1]["new"] == 1
    assert run(archive, tmp_path / "cutting.html")[1]["unchanged"] == 1
    ((url, external_id, published, text),) = rows(archive)
    assert (url, external_id, published) == (
        "https://www.wealdenpost.example/news/home-must-improve",
        "cutting",
        "2024-02-09",
    )
    assert "run by Oasthouse Care" in text
    assert "Home</a>" not in text
    with Store.at(archive) as store, store.reading() as connection:
        capture = captures.of_article(connection, articles.find(connection, "cutting"))
        assert EvidenceFolder(store.place.evidence).read(capture) == PAGE.encode()


def test_markup_in_a_line_is_read_and_the_line_has_the_last_word(archive: Address, tmp_path: Path) -> None:
    markup = PAGE.replace("utf-8", "iso-8859-1")  # what the page said of its bytes no longer holds
    file = tmp_path / "articles.jsonl"
    file.write_text(a_line(1, text=None, html=markup, published=None, title="Our own title"))
    assert run(archive, file)[1]["new"] == 1
    ((url, external_id, published, text),) = rows(archive)
    assert (url, external_id, published) == ("https://www.wealdenpost.example/1", "w-1", "2024-02-09")
    assert "A children’s home in Kent" in text


def test_a_text_file_is_an_article(archive: Address, tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_bytes("A headline\r\n\r\nIt cost £40 a café said.\r\n".encode("cp1252"))
    assert run(archive, tmp_path / "note.txt")[1]["new"] == 1
    assert rows(archive) == [("file:note.txt", "note", None, "It cost £40 a café said.")]


def test_two_files_with_the_same_words_are_two_articles(archive: Address, tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text("The same words.")
    assert run(archive, tmp_path)[1]["new"] == 2
    assert run(archive, tmp_path)[1]["unchanged"] == 2


def test_a_folder_is_walked(archive: Address, tmp_path: Path) -> None:
    folder = tmp_path / "cuttings" / "2024"
    folder.mkdir(parents=True)
    (folder / "a.jsonl").write_text(a_line(1))
    (folder / "b.htm").write_text(PAGE)
    (folder / "photo.jpeg").write_bytes(b"\xff\xd8\xff")
    status, printed, _ = run(archive, tmp_path / "cuttings")
    assert (status, printed["new"], printed["refused"]) == (0, 2, 0)


REFUSED: dict[str, tuple[str | bytes, str]] = {
    "cut off.jsonl": (f'{a_line(1)}\n{{"url": "https://x.example"\n', "line 2: it is no JSON"),
    "no url.jsonl": (f"{a_line(1)}\n{a_line(2)}\n{a_line(3, url=' ')}\n", "line 3: it has no 'url'"),
    "no text.jsonl": (a_line(1, text="", title=None), "line 1: it has neither 'text' nor 'html'"),
    "list.jsonl": ("[1]\n", "line 1: it is no JSON object"),
    "date.jsonl": (a_line(1, published="last week"), "line 1: 'published' is no ISO date"),
    "type.jsonl": (a_line(1, title=5), "line 1: 'title' must be text"),
    "latin.jsonl": (b'{"url": "https://x.example", "text": "caf\xe9"}', "line 1: it is not UTF-8"),
    "deep.jsonl": ("[" * 100_000, "line 1: it is nested too deeply"),
    "markup.jsonl": (a_line(1, text=None, html="<p>Hi</p>"), "line 1: no article text was found"),
    "blank.jsonl": (" \n\n", "the file is empty"),
    "empty.txt": ("", "the file is empty"),
    "binary.txt": (b"ab\x00\x01\x02", "the file is binary"),
    "report.html": (b"%PDF-1.7\n", "import reports"),
    "old.doc": (b"\xd0\xcf\x11\xe0", "no file of articles"),
    "sheet.txt": (b"PK\x03\x04rest", "office document"),
    "lines.jsonl.gz": (gzip.compress(b"{}"), "unpack it first"),
    "menu.html": ("<html><body><nav>Menu</nav></body></html>", "no article text was found"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_wrong_file_is_one_clear_line_and_nothing_is_kept(
    archive: Address, tmp_path: Path, name: str
) -> None:
    content, expected = REFUSED[name]
    file = tmp_path / name
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    status, printed, error = run(archive, file)
    assert (status, printed["refused"], printed["new"]) == (1, 1, 0)
    assert name in error
    assert expected in error
    assert len(error.strip().splitlines()) == 1
    assert rows(archive) == []
    assert not list(Place.of(archive).evidence.glob("*.warc.gz*"))


def test_a_refused_file_stops_no_other(archive: Address, tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text("{")
    (tmp_path / "b.jsonl").write_text(a_line(1))
    status, printed, _ = run(archive, tmp_path / "a.jsonl", tmp_path / "b.jsonl")
    assert (status, printed["new"], printed["refused"]) == (1, 1, 1)


def test_a_path_that_is_not_there_is_wrong_usage(archive: Address, tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(a_line(1))
    code = "import sys; from onrecord.cli import main; sys.argv[0] = 'onrecord'; main()"
    command = [sys.executable, "-c", code, "import", "articles", "a.jsonl", "nothing", "--archive", "x.db"]
    ended = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, check=False)
    assert (ended.returncode, ended.stderr) == (2, "onrecord: nothing: there is no such file or folder\n")
    assert rows(tmp_path / "x.db") == []


def test_characters_that_no_database_takes_are_taken_out(archive: Address, tmp_path: Path) -> None:
    file = tmp_path / "odd.jsonl"
    file.write_text('{"url": "https://x.example/1", "text": "a\\u0000b \\ud800 \\ud83d\\ude00"}')
    assert run(archive, file)[0] == 0
    assert rows(archive)[0].text == "ab \ufffd \U0001f600"
