"""Content files: facts in TOML between two lines of ``+++``, then text in paragraphs."""

import tomllib
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

WORLD = files("onrecord.demo") / "world"
"""The folder of the demo's content, wherever the package is installed."""


def table(name: str) -> dict[str, Any]:
    """One TOML file of the world."""
    return tomllib.loads((WORLD / name).read_text(encoding="utf-8"))


def documents(folder: str) -> list[tuple[str, dict[str, Any], str]]:
    """The Markdown files of a folder as (name without ending, facts, text), by name."""
    found = sorted((WORLD / folder).iterdir(), key=lambda path: path.name)
    return [(path.name.removesuffix(".md"), *_split(path)) for path in found if path.name.endswith(".md")]


def _split(path: Traversable) -> tuple[dict[str, Any], str]:
    _, head, text = path.read_text(encoding="utf-8").split("+++\n", 2)
    return tomllib.loads(head), text.strip()
