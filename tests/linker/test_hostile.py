"""Texts made to hold the linker up: each ends in a few seconds, and none is linked by letters that only look alike."""

import datetime as dt
import time

import pytest

from linker.linking import Linker
from linker.model import Model
from linker.reading import Reading
from tests.linker.factories import a_register

TODAY = dt.date(2024, 7, 1)
TOLD = "A children's home run by {}, was rated inadequate after Ofsted inspectors visited in May."
HOSTILE = {
    "a name of 100,000 letters in words": TOLD.format("Larkmoor " * 12_000),
    "a name of 100,000 letters in one": TOLD.format("A" * 100_000 + " Ltd"),
    "a million signs without width": TOLD.format("L" + "\u200b" * 1_000_000 + "arkmoor Homes"),
    "thousands of companies": TOLD.format("Larkmoor Care Ltd " * 5_000),
    "thousands of months": "Ofsted visited in May and June to July, " * 3_000,
    "thousands of numbers": "The four-bed home for five children with six places, " * 3_000,
    "thousands of grades": "It was rated inadequate, then good, then outstanding, " * 3_000,
    "one quotation": f'The report says: "{"the child was kept safe from harm " * 5_000}"',
    "thousands of brackets": "Larkmoor (" * 20_000,
    "thousands of places": "in Leeds, near Leeds, and from Leeds, " * 3_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_no_text_holds_the_linker_up(name: str) -> None:
    register = a_register()
    reading = Reading(title="", text=HOSTILE[name], published=None, latest=TODAY)
    begun = time.process_time()
    Linker(register, Model()).link(reading)
    assert time.process_time() - begun < 20, "the quadratic ones took minutes and hours"
