"""The README says what is so: its table, its commands, its options and its settings are the real ones."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import typer.main

from crawler.sources import crawl_settings, known_sources
from onrecord import tabling
from onrecord.application import app
from onrecord.config import Config

TEXT = (Path(__file__).parent.parent / "README.md").read_text()
WORD = r"[a-z][a-z-]*"
NAMED = sorted(
    set(re.findall(r"(?:^ {4}|`(?:[A-Z_]+=\S+ )?)(?:\.venv/bin/)?onrecord ([^`\n]+)", TEXT, re.MULTILINE))
)


def command_of(words: list[str]) -> tuple[Any, list[str]]:
    """The command that the first words name, and what they hand to it."""
    command: Any = typer.main.get_command(app)
    while words and words[0] in getattr(command, "commands", {}):
        command, words = command.commands[words[0]], words[1:]
    return command, words


def test_the_readme_names_commands() -> None:
    assert len(NAMED) > 8


@pytest.mark.parametrize("line", NAMED)
def test_a_command_in_the_readme_is_there_with_its_options(line: str) -> None:
    words = re.sub(r"[;,.]?$", "", line).split()
    command, given = command_of(words)
    options = {option for parameter in command.params for option in parameter.opts} | {"--help"}
    asked = {word.split("=")[0] for word in given if word.startswith("--")}
    assert words[0] == "--help" or command is not command_of([])[0], f"there is no onrecord {words[0]}"
    assert not hasattr(command, "commands") or not given or given == ["--help"], f"no such subcommand: {line}"
    assert asked <= options


def test_the_table_of_sources_is_the_one_that_is_generated() -> None:
    declared = [spider.declared() for spider in known_sources(crawl_settings()).values()]
    assert tabling.between_marks(TEXT, tabling.sources(declared)) == TEXT, (
        "run: onrecord sources table --into README.md"
    )


def test_the_settings_in_the_readme_are_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blocks = re.findall(r"```toml\n(.*?)```", TEXT, re.DOTALL)
    assert blocks
    monkeypatch.chdir(tmp_path)
    for block in blocks:
        Config(**tomllib.loads(block))
