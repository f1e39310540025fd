"""``onrecord serve``, ``index``, ``search``, ``user``, ``token``: the real commands, as processes."""

import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from archive.errors import PortTaken
from archive.serving import Address, first_link, listening
from storage.store import Store
from tests.archive.world import World
from tests.engines import address_of

COMMAND = [sys.executable, "-c", "from onrecord.cli import main; main()"]
ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith("ONRECORD_")}


def onrecord(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *arguments],
        cwd=folder,
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_serve_indexes_answers_and_stops_in_order(store: Store, tmp_path: Path) -> None:
    World(store).article("A story of red kites.")
    command = [
        *COMMAND,
        "serve",
        "--archive",
        address_of(store),
        "--port",
        "0",
        "--json",
    ]
    with subprocess.Popen(
        command, cwd=tmp_path, env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as server:
        assert server.stdout
        said = b""
        while b"}" not in said:
            said += server.stdout.readline()
        told = json.loads(said)
        assert told["sign_in"].startswith(told["url"] + "/sign-in/")
        assert httpx.get(told["sign_in"], trust_env=False).status_code == 200
        assert httpx.get(told["url"], trust_env=False).status_code == 303
        busy = onrecord("index", "--archive", address_of(store), folder=tmp_path)
        assert (busy.returncode, busy.stderr.count("\n")) == (1, 1)
        assert "another process" in busy.stderr
        found = onrecord("search", "kites", "--archive", address_of(store), "--json", folder=tmp_path)
        assert json.loads(found.stdout)["total"] == 1
        server.send_signal(signal.SIGTERM)
        assert server.wait(20) == 0
        assert server.stderr
        assert server.stderr.read() == b""


def test_a_port_that_is_taken_is_one_clear_line(store: Store, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(PortTaken, match="--port"), listening(Address(port=port)):
            pass
        said = onrecord("serve", "--archive", address_of(store), "--port", str(port), folder=tmp_path)
    assert (said.returncode, said.stderr.count("\n")) == (1, 1)


def test_the_first_link_is_given_while_nobody_has_an_account(store: Store, tmp_path: Path) -> None:
    assert (first_link(store, "http://x") or "").startswith("http://x/sign-in/")
    added = onrecord(
        "user",
        "add",
        "Ada Moss",
        "--role",
        "reviewer",
        "--archive",
        address_of(store),
        "--json",
        folder=tmp_path,
    )
    assert "/sign-in/" in json.loads(added.stdout)["sign_in"]
    assert first_link(store, "http://x") is None
    listed = onrecord("user", "list", "--archive", address_of(store), folder=tmp_path)
    assert listed.stdout == "Ada Moss  reviewer\n"


def test_tokens_are_added_and_revoked(store: Store, tmp_path: Path) -> None:
    at = ("--archive", address_of(store))
    token = json.loads(onrecord("token", "add", "--role", "reader", *at, "--json", folder=tmp_path).stdout)[
        "token"
    ]
    assert onrecord("token", "revoke", token, *at, folder=tmp_path).returncode == 0
    again = onrecord("token", "revoke", token, *at, folder=tmp_path)
    assert (again.returncode, again.stderr.count("\n")) == (1, 1)


def test_a_query_that_cannot_run_is_wrong_usage(store: Store, tmp_path: Path) -> None:
    said = onrecord("search", "after:soon", "--archive", address_of(store), folder=tmp_path)
    assert (said.returncode, said.stderr.count("\n")) == (2, 1)
    assert "no date" in said.stderr


def test_a_search_by_hand_steers_no_terminal(store: Store, tmp_path: Path) -> None:
    World(store).article("red \x1b[31m kites\x07", title="\x1b]0;title\x07")
    said = onrecord("search", "kites", "--archive", address_of(store), folder=tmp_path)
    assert "1 found" in said.stdout
    assert "\x1b" not in said.stdout
    assert "\x07" not in said.stdout


def test_index_rebuilds_on_request(store: Store, tmp_path: Path) -> None:
    World(store).article()
    at = ("--archive", address_of(store), "--json")
    first = json.loads(onrecord("index", *at, folder=tmp_path).stdout)
    again = json.loads(onrecord("index", "--rebuild", *at, folder=tmp_path).stdout)
    assert (first["documents"], again["documents"]) == (1, 1)
