"""Links held against labels, verdict by verdict, and the figures of many."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from linker.intervals import bootstrap, exact
from linker.labels import Label, NoLabels, owner_key, read
from linker.scoring import figures, judge, score, total

INSPECTED = {
    "id": "a",
    "level": "inspection",
    "links": [{"urn": "1", "inspection_date": "2024-05-14"}],
    "provider": "Fernlea Hearths Ltd",
    "provider_names": ["Fernlea Hearths Limited"],
    "also": [{"urn": "5"}],
}
NOTHING = {"id": "a", "level": "none", "answer": "several_fit", "target": {"urn": "7"}}
PROVIDER = {"id": "a", "level": "provider", "provider": "Fernlea Hearths Ltd"}


def a_row(**more: Any) -> dict[str, Any]:
    """An asserted inspection, right for the first label."""
    asserted = {
        "mention": 0,
        "status": "linked",
        "answer": "asserted",
        "level": "inspection",
        "urn": "1",
        "inspection_date": "2024-05-15",
        "provider": "Fernlea Hearths Ltd",
        "probability": 0.96,
        "rank": None,
    }
    return asserted | more


@pytest.mark.parametrize(
    ("label", "row", "verdict"),
    [
        (INSPECTED, {}, ("fine", "1")),
        (INSPECTED, {"inspection_date": "2024-05-18"}, ("wrong visit", None)),
        (INSPECTED, {"urn": "2"}, ("wrong", None)),
        (INSPECTED, {"urn": "5"}, ("unscored", None)),
        (INSPECTED, {"level": "setting"}, ("coarse", None)),
        (INSPECTED, {"level": "provider", "provider": "FERNLEA HEARTHS LIMITED"}, ("coarse", None)),
        (INSPECTED, {"level": "provider", "provider": "Fernlea Homes Ltd"}, ("wrong", None)),
        (INSPECTED | {"links": [{"urn": "1"}]}, {"inspection_date": None}, ("fine", "1")),
        (INSPECTED | {"level": "setting"}, {"level": "setting"}, ("fine", "1")),
        (NOTHING, {"urn": "7"}, ("unscored", None)),
        (NOTHING, {"urn": "1"}, ("wrong", None)),
        (PROVIDER, {"level": "provider"}, ("fine", "provider")),
        (PROVIDER | {"optional": True}, {}, ("unscored", None)),
        ({"id": "a", "level": "none", "optional": True, "candidates": ["1"]}, {}, ("unscored", None)),
    ],
)
def test_a_verdict(label: dict[str, Any], row: dict[str, Any], verdict: tuple[str, str | None]) -> None:
    assert judge(a_row(**row), Label.of(label)) == verdict


def test_a_missed_link_is_looked_for_among_the_first_five_candidates() -> None:
    silent = a_row(status="none", level="none", urn=None, answer="several_fit", provider=None)
    queued = [a_row(status="candidate", rank=rank, urn=str(rank)) for rank in (2, 1)]
    held = score([silent, *queued], Label.of(INSPECTED))
    assert figures(held.counts)["queue"] == 1.0
    assert [(one.what, one.missed, one.queued) for one in held.mistakes] == [("missed", "1", True)]
    sixth = score([silent, a_row(status="candidate", rank=6)], Label.of(INSPECTED))
    assert figures(sixth.counts)["queue"] == 0.0


def test_a_line_said_twice_counts_once() -> None:
    assert score([a_row(), a_row(probability=0.5)], Label.of(INSPECTED)).counts["right"] == 1


def test_an_answer_is_right_when_every_decision_gives_it() -> None:
    decision = a_row(status="none", level="none", urn=None, answer="several_fit")
    label = Label.of(NOTHING)
    assert figures(score([decision], label).counts)["answer"] == 1.0
    both = [decision, decision | {"mention": 1, "answer": "too_little"}]
    assert figures(score(both, label).counts)["answer"] == 0.0
    assert score([decision], label).mistakes == ()
    (mistake,) = score(both, label).mistakes
    assert (mistake.what, mistake.answers) == ("answer", ("several_fit", "too_little"))


def test_the_figures_of_several_articles() -> None:
    label = Label.of(INSPECTED)
    held = [score([a_row()], label), score([a_row(urn="2", probability=0.9)], label), score([], label)]
    shares = figures(total(held))
    assert (shares["precision"], shares["recall"]) == (0.5, pytest.approx(1 / 3))
    assert shares["brier"] == pytest.approx((0.04**2 + 0.9**2) / 2)
    assert shares["silence"] is None


def test_intervals_hold_the_figure_and_are_the_same_each_time() -> None:
    label = Label.of(INSPECTED)
    held = [score([a_row(urn="1" if number % 4 else "2")], label) for number in range(40)]
    low, high = bootstrap(held)["precision"] or (1.0, 0.0)
    assert 0.5 < low < 0.75 < high < 0.95
    assert bootstrap(held) == bootstrap(held)


def test_an_exact_interval_reaches_below_one_where_all_were_right() -> None:
    low, high = exact(50, 50)
    assert 0.90 < low < 0.95
    assert high == 1.0


def test_a_name_is_compared_without_its_legal_form_and_number() -> None:
    assert owner_key("Fernlea & Hearths Ltd 01234567") == owner_key("FERNLEA AND HEARTHS LIMITED")
    assert owner_key(None) == ""


def test_labels_that_are_none_are_one_clear_line(tmp_path: Path) -> None:
    path = tmp_path / "labels.jsonl"
    path.write_text('{"id": "a", "level": "none"}\n{"level": "none"}\n')
    with pytest.raises(NoLabels, match="line 2: no label"):
        read(path)
    path.write_text('{"id": "a", "level": "house"}\n')
    with pytest.raises(NoLabels, match="level is none of inspection, setting"):
        read(path)
    path.write_text(
        '{"id": "a", "level": "setting", "links": [{"urn": "1", "inspection_date": "May 2023"}]}\n'
    )
    with pytest.raises(NoLabels, match="inspection_date May 2023 is no day"):
        read(path)
    path.write_text("\n")
    with pytest.raises(NoLabels, match="no labels in it"):
        read(path)
    with pytest.raises(NoLabels, match="no such file"):
        read(tmp_path / "elsewhere.jsonl")


@pytest.mark.real
def test_the_figures_are_those_of_the_shared_scorer(shared: Path, tmp_path: Path) -> None:
    """Over generated links of every kind, not only those the linker happens to make."""
    folder = shared / "eval" / "loom"
    labels = read(folder / "labels.jsonl")
    articles = map(json.loads, (folder / "articles.jsonl").read_text(encoding="utf-8").splitlines())
    urls = {one["id"]: one["url"] for one in articles}
    rows = {label.id: list(_rows_for(number, label)) for number, label in enumerate(labels)}
    links = tmp_path / "links.jsonl"
    with links.open("w") as file:
        for name, mine in rows.items():
            file.writelines(json.dumps(row | {"article_url": urls[name]}) + "\n" for row in mine)
    files = [folder / name for name in ("labels.jsonl", "articles.jsonl")]
    done = subprocess.run(
        [sys.executable, shared / "eval" / "score.py", links, *files, "--json"],
        capture_output=True,
        text=True,
        check=True,
    )
    theirs, counts = json.loads(done.stdout), total(score(rows[one.id], one) for one in labels)
    ours = figures(counts)
    for name in ("precision", "recall", "silence", "queue", "answer", "brier"):
        assert ours[name] == pytest.approx(theirs[name], abs=1e-4), name
    for name in ("asserted", "right", "wrong", "wrong visit", "coarse", "unscored", "wanted", "found"):
        assert counts[name] == theirs.get(name, 0), name


def _rows_for(number: int, label: Label) -> Any:
    """Right, wrong, coarse and silent in turn."""
    kind, target = number % 6, label.links[0] if label.links else label.target
    urn, day = (target.urn, target.day) if target else ("999", None)
    owner = label.names[0] if label.names else "Somebody Else Ltd"
    told = {"urn": urn, "inspection_date": day and day.isoformat(), "provider": owner}
    if kind in (0, 1):
        yield a_row(**told)
    elif kind == 2:
        yield a_row(**told | {"inspection_date": "2011-01-01"})
    elif kind == 3:
        yield a_row(**told, level="provider")
    elif kind == 4:
        yield a_row(**told, level="setting")
    else:
        answer = label.answer or "several_fit"
        yield a_row(status="none", level="none", urn=None, answer=answer, provider=None)
        yield a_row(**told, status="candidate", rank=1 + number % 7)
