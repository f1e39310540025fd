"""While an archive is served, scheduled and crawled, one port listens: that which was asked for."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from queue import Queue
from typing import IO

import pytest

from tests.crawler.small_web import Site, serving

pytestmark = pytest.mark.skipif(not Path("/proc/net/tcp").exists(), reason="what listens is read from /proc")
SOURCE = """
from crawler.news import NewsSpider


class Hillfoot(NewsSpider):
    name = "hillfoot"
    title = "Hillfoot Herald"
    hosts = ("www.hillfootherald.example",)
    feeds = ("http://www.hillfootherald.example/feed/",)
"""
ALONE = """
from onrecord.cli import main
from onrecord.commands import crawling
from onrecord.scheduling import work
every = crawling.known
crawling.known = lambda: {"hillfoot": every()["hillfoot"]}
work._keeping = lambda *_, **__: []
main()
"""
"""The schedule of a newsroom that has one source, crawled at once: the tests have no other web."""


@contextmanager
def running(*words: str, cwd: Path) -> Iterator["subprocess.Popen[str]"]:
    """A command of ours that goes on until it is stopped."""
    full = [sys.executable, "-c", ALONE, *words]
    told = {"cwd": cwd, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL, "text": True}
    with subprocess.Popen(full, **told) as child:  # type: ignore[call-overload]
        try:
            yield child
        finally:
            child.terminate()


def family(process: int) -> set[int]:
    """A process and all that descend from it; those that end meanwhile are left out."""
    found = {process}
    for task in Path(f"/proc/{process}/task").glob("*/children"):
        try:
            found |= {one for child in task.read_text().split() for one in family(int(child))}
        except OSError:
            continue
    return found


def ports(process: int) -> set[int]:
    """The TCP ports at which a process, or one that descends from it, listens."""
    rows = [
        row.split() for name in ("tcp", "tcp6") for row in Path(f"/proc/net/{name}").read_text().splitlines()
    ]
    listening = {f"socket:[{row[9]}]": int(row[1].rpartition(":")[2], 16) for row in rows if row[3] == "0A"}
    return {listening[held] for one in family(process) for held in _held(one) if held in listening}


def _held(process: int) -> Iterator[str]:
    try:
        for one in Path(f"/proc/{process}/fd").iterdir():
            yield os.readlink(one)
    except OSError:
        return


def first_object(said: IO[str]) -> dict[str, str]:
    """The JSON that a command prints first, over however many lines."""
    text = ""
    for line in said:
        text += line
        try:
            found: dict[str, str] = json.loads(text)
        except ValueError:
            continue
        return found
    pytest.fail(f"it said: {text}")


def test_nothing_listens_but_what_is_served(archive: Path, tmp_path: Path) -> None:
    seen: Queue[tuple[bool, set[int]]] = Queue()

    def robots(request: BaseHTTPRequestHandler) -> None:
        crawling = any("crawler.process" in _words(one) for one in family(scheduled.pid))
        seen.put((crawling, ports(scheduled.pid)))
        request.wfile.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")

    with serving(Site({"/robots.txt": robots})) as site, ExitStack() as stack:
        settings = f'archive = "{archive}"\n[hosts]\n"www.hillfootherald.example" = "{site.address}"\n'
        (tmp_path / "onrecord.toml").write_text(settings)
        (tmp_path / "sources").mkdir()
        (tmp_path / "sources/hillfoot.py").write_text(SOURCE)
        served = stack.enter_context(running("serve", "--port", "0", "--json", cwd=tmp_path))
        assert served.stdout
        asked_for = int(first_object(served.stdout)["url"].rstrip("/").rpartition(":")[2])
        scheduled = stack.enter_context(running("schedule", cwd=tmp_path))
        assert seen.get(timeout=120) == (True, set())
        assert ports(served.pid) == {asked_for}


def _words(process: int) -> str:
    try:
        return Path(f"/proc/{process}/cmdline").read_text()
    except OSError:
        return ""
