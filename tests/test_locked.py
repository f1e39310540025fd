"""What runs is pinned with hashes, as the constraints pin it; and an audit that asked nobody does not say all is well."""

import json
import re
import tomllib
from pathlib import Path

import pytest

from tests.auditing import NOBODY, verdict

ROOT = Path(__file__).parent.parent
LOCK = (ROOT / "requirements.lock").read_text()
PINNED = re.compile(
    r"^([A-Za-z0-9._-]+)==([^ ;]+)[^\n]*\\\n((?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n?)+)", re.M
)


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


LOCKED = {canonical(name): version for name, version, _ in PINNED.findall(LOCK)}


def test_every_line_is_a_pin_with_its_hashes_and_names_no_place() -> None:
    assert PINNED.sub("", LOCK).strip() == ""
    assert not re.search(r"://|--(extra-)?index|--find-links|@ ", LOCK)


def test_what_the_project_needs_is_locked_as_the_constraints_say() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    needed = [*project["dependencies"], *project["optional-dependencies"]["postgres"]]
    names = {canonical(re.split(r"[\[<>=;~! ]", one)[0]) for one in needed}
    assert names - LOCKED.keys() == set(), "run: make lock"
    lines = (ROOT / "constraints.txt").read_text().split()
    constrained = {canonical(name): version for name, version in (line.split("==") for line in lines)}
    assert {
        name: version for name, version in LOCKED.items() if constrained.get(name, version) != version
    } == {}, "run: make lock"


FAULT = {"id": "PYSEC-1", "fix_versions": ["2.1"], "aliases": [], "description": ""}


@pytest.mark.parametrize(
    ("answer", "status", "said"),
    [
        ("", 3, NOBODY),
        ("Traceback", 3, NOBODY),
        ({"dependencies": []}, 3, NOBODY),
        ({"dependencies": [{"name": "a", "skip_reason": "not found"}]}, 3, NOBODY),
        (
            {"dependencies": [{"name": "a", "version": "2", "vulns": []}]},
            0,
            "1 packages asked about, 0 known faults",
        ),
        (
            {
                "dependencies": [
                    {"name": "a", "version": "2", "vulns": [FAULT]},
                    {"name": "b", "skip_reason": "not found"},
                ]
            },
            1,
            "a 2: PYSEC-1; mended in 2.1\n1 packages asked about (1 not known there), 1 known faults",
        ),
    ],
)
def test_an_audit_says_what_it_asked(answer: object, status: int, said: str) -> None:
    text = answer if isinstance(answer, str) else json.dumps(answer)
    found, lines = verdict(text)
    assert (found, "\n".join(lines)) == (status, said)
