"""``onrecord evaluate`` and ``train`` on the demo's world, which is a labelled folder."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from linker import run as run_linker
from onrecord.demo.labelled import write_labelled
from storage.store import Store

PROGRAM = [
    sys.executable,
    "-c",
    "import sys; from onrecord.cli import main; sys.argv[0] = 'onrecord'; main()",
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("labelled") / "world"
    write_labelled(made)
    return made


def run(*arguments: str | Path, status: int = 0) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [*PROGRAM, *map(str, arguments)], capture_output=True, text=True, check=False, encoding="utf-8"
    )
    assert done.returncode == status, done.stderr
    return done


def test_scores_curves_and_the_last_run_are_kept(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    told = run("evaluate", folder, "--out", out).stdout
    assert "precision" in told
    assert "against the last run" not in told
    kept: dict[str, Any] = json.loads((out / "scores.json").read_text(encoding="utf-8"))
    assert kept["articles"] > 3
    assert kept["figures"]["precision"] == 1.0
    assert {name for name in kept["strata"] if name.startswith("naming: ")}
    for name in ("reliability.svg", "risk_coverage.svg"):
        assert (out / name).read_text(encoding="utf-8").startswith("<svg")
    kept["figures"]["recall"] = 0.01
    (out / "scores.json").write_text(json.dumps(kept), encoding="utf-8")
    again = json.loads(run("evaluate", folder, "--out", out, "--json").stdout)
    assert again["before"]["figures"]["recall"] == 0.01
    assert again["figures"] == kept["figures"] | {"recall": again["figures"]["recall"]}
    assert set(again["errors"]) == set(again["waterfalls"])


def test_a_folder_without_labels_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "registers").mkdir()
    done = run("evaluate", tmp_path, "--archive", tmp_path / "none.db", status=1)
    assert done.stderr.count("\n") == 1
    assert "Traceback" not in done.stderr


def test_a_model_is_fitted_and_used_until_the_defaults_are_again(folder: Path, tmp_path: Path) -> None:
    archive = tmp_path / "archive.db"
    dry = json.loads(run("train", folder, "--dry-run", "--json", "--archive", archive).stdout)
    with Store.at(archive) as store, store.reading() as connection:
        assert run_linker.model_in_use(connection).name.startswith("defaults")
    fitted = json.loads(run("train", folder, "--json", "--archive", archive).stdout)
    assert fitted["held_out"]["figures"] == dry["held_out"]["figures"]
    with Store.at(archive) as store, store.reading() as connection:
        assert run_linker.model_in_use(connection).version == fitted["model"]
        assert run_linker.model_in_use(connection).name.startswith("fitted-")
    run("train", "--defaults", "--archive", archive)
    with Store.at(archive) as store, store.reading() as connection:
        assert run_linker.model_in_use(connection).name.startswith("defaults")


def test_too_few_labels_are_not_learnt_from(folder: Path, tmp_path: Path) -> None:
    small = tmp_path / "small"
    shutil.copytree(folder, small)
    lines = (small / "labels.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)
    (small / "labels.jsonl").write_text("".join(lines[:3]), encoding="utf-8")
    done = run("train", small, "--archive", tmp_path / "archive.db", status=1)
    assert "3 labelled articles are too few to learn from" in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_precision_that_is_none_is_wrong_usage(tmp_path: Path) -> None:
    done = run("train", "--precision", "7", "--archive", tmp_path / "archive.db", status=2)
    assert "give a share between 0.5 and 1" in done.stderr
