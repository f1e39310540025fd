"""Imports go one way, and in no circle."""

import ast
import graphlib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MAY_IMPORT = {
    "storage": {"storage"},
    "crawler": {"storage", "crawler"},
    "linker": {"storage", "linker"},
    "archive": {"storage", "archive", "linker"},
    "onrecord": {"storage", "crawler", "linker", "archive", "onrecord"},
}
LINKERS_FACE = {"linker", "linker.face"}
"""What the archive may import of the linker: ``link_text``, ``explain`` and its index of names."""


def modules() -> dict[str, Path]:
    """Every module of ours by its dotted name."""
    found = {}
    for package in MAY_IMPORT:
        for path in sorted((ROOT / package).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def imported(path: Path, known: set[str]) -> set[str]:
    """The modules of ours that a file imports, at its top or inside its functions."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names |= {
                f"{node.module}.{alias.name}" if f"{node.module}.{alias.name}" in known else node.module
                for alias in node.names
            }
    return {name for name in names if name in known}


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_a_package_imports_only_what_it_may(package: str) -> None:
    known = modules()
    wrong = [
        f"{name} imports {target}"
        for name, path in known.items()
        if name.split(".")[0] == package
        for target in imported(path, set(known))
        if target.split(".")[0] not in MAY_IMPORT[package]
    ]
    assert wrong == []


def test_the_archive_sees_only_the_public_face_of_the_linker() -> None:
    known = modules()
    wrong = [
        f"{name} imports {target}"
        for name, path in known.items()
        if name.split(".")[0] == "archive"
        for target in imported(path, set(known))
        if target.split(".")[0] == "linker" and target not in LINKERS_FACE
    ]
    assert wrong == []


def test_only_run_and_what_is_stored_touch_storage_for_the_linker() -> None:
    known = modules()
    opening = {"storage.store", "storage.schema"}
    wrong = [
        f"{name} imports {target}"
        for name, path in known.items()
        if name.startswith("linker.") and name != "linker.run" and not name.startswith("linker.stored")
        for target in imported(path, set(known))
        if any(target == banned or target.startswith(f"{banned}.") for banned in opening)
    ]
    assert wrong == []


def test_there_is_no_import_cycle() -> None:
    known = modules()
    graph = {name: imported(path, set(known)) - {name} for name, path in known.items()}
    graphlib.TopologicalSorter(graph).prepare()


def test_nothing_imports_by_relative_name() -> None:
    relative = [
        str(path.relative_to(ROOT))
        for path in modules().values()
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ImportFrom) and node.level
    ]
    assert relative == []
