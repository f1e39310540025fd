"""The files in deploy/ are sound by their own tools, and call commands that are there."""

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import typer.main
import yaml

from onrecord.application import app

DEPLOY = Path(__file__).parent.parent / "deploy"
UNITS = sorted(DEPLOY.glob("*.service"))
COMMAND = "/opt/onrecord/.venv/bin/onrecord"
HARDENED = {
    "NoNewPrivileges": "yes",
    "ProtectSystem": "strict",
    "ProtectHome": "yes",
    "PrivateTmp": "yes",
    "CapabilityBoundingSet": "",
    "StateDirectory": "onrecord",
    "UMask": "0077",
    "User": "onrecord",
    "KillSignal": "SIGTERM",
    "Restart": "on-failure",
}


def settings_of(unit: Path) -> list[tuple[str, str]]:
    """The settings of a unit; a name may come twice."""
    lines = [line for line in unit.read_text().splitlines() if "=" in line and not line.startswith("#")]
    return [(name, value) for name, _, value in (line.partition("=") for line in lines)]


def held_to(words: list[str]) -> None:
    """The words call a command of ours with options it has."""
    command: Any = typer.main.get_command(app)
    found = command.commands[words[0]]
    options = {option for parameter in found.params for option in parameter.opts}
    assert {word for word in words if word.startswith("--")} <= options


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_a_unit_is_hardened_and_calls_a_command_that_is_there(unit: Path) -> None:
    settings = settings_of(unit)
    assert HARDENED.items() <= dict(settings).items()
    ((_, words),) = [pair for pair in settings if pair[0] == "ExecStart"]
    assert words.startswith(f"{COMMAND} ")
    held_to(words.split()[1:])


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_systemd_takes_a_unit_and_thinks_it_closed(unit: Path, tmp_path: Path) -> None:
    analyze = shutil.which("systemd-analyze")
    if not analyze:
        pytest.skip("systemd is not on this machine")
    here = tmp_path / unit.name  # as on a machine where the command lies in its place
    here.write_text(unit.read_text().replace(COMMAND, "/bin/true"))
    for words in (["verify"], ["security", "--offline=yes", "--threshold=20"]):
        told = subprocess.run([analyze, *words, here], capture_output=True, text=True, check=False)
        assert told.returncode == 0, told.stdout + told.stderr
    assert "Unknown" not in told.stderr


def test_there_are_two_units_and_the_schedule_lets_its_jobs_end() -> None:
    assert [unit.stem for unit in UNITS] == ["onrecord-schedule", "onrecord-serve"]
    assert ("KillMode", "mixed") in settings_of(UNITS[0])


def test_the_container_file_is_sound() -> None:
    lint = Path(sys.executable).with_name("hadolint")
    told = subprocess.run([lint, DEPLOY / "Containerfile"], capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stdout
    lines = (DEPLOY / "Containerfile").read_text().splitlines()
    copied = [line.split()[1] for line in lines if line.startswith("COPY ") and "--from" not in line]
    assert all((DEPLOY.parent / name).exists() for name in copied)
    assert {"USER 10001:10001", 'ENTRYPOINT ["onrecord"]'} <= set(lines)


def test_the_compose_file_is_sound_and_opens_nothing_but_loopback() -> None:
    lint = Path(sys.executable).with_name("compose-lint")
    told = subprocess.run([lint, DEPLOY / "compose.yaml"], capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stdout
    services = yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"]
    assert [service.get("ports") for service in services.values()] == [["127.0.0.1:8000:8000"], None]
    for service in services.values():
        held_to(service["command"])
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
