"""What a press story links to, trap by trap: each case is an article, a small register and the decision."""

import json
from pathlib import Path
from typing import Any

import pytest

from linker.linking import Linked, Linker
from tests.linker.factories import a_register, an_article

CASES = sorted((Path(__file__).parent / "cases").glob("*.json"))


def told(linker: Linker, one: Linked) -> dict[str, Any]:
    """The decision in the words of a case."""
    said, register = one.decision, linker.register
    best = said.best.candidate if said.best else None
    inspection = register.inspections[best.inspection] if best and best.inspection is not None else None
    owner = register.providers[said.provider].name if said.provider else None
    return {
        "answer": said.answer,
        "level": said.level,
        "urn": register.settings[best.setting].urn
        if best and said.level in ("inspection", "setting")
        else None,
        "day": str(inspection.first) if inspection and said.level == "inspection" else None,
        "provider": owner,
    }


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_case(path: Path) -> None:
    case = json.loads(path.read_text(encoding="utf-8"))
    linker = Linker(a_register(**case["register"]))
    linked = [told(linker, one) for one in linker.link(an_article(**case["article"]))]
    wanted = case["expected"]
    assert [{name: one[name] for name in want} for one, want in zip(linked, wanted, strict=True)] == wanted


def test_there_are_cases_for_many_traps() -> None:
    assert len(CASES) >= 60
