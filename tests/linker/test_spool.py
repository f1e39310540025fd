"""Texts outside memory come back as they were put in."""

import pickle

from hypothesis import given
from hypothesis import strategies as st

from linker.spool import Spool


@given(st.lists(st.text(max_size=40).map(lambda text: text * 60), min_size=1, max_size=4), st.data())
def test_any_stretch_of_any_text_is_read_back(texts: list[str], data: st.DataObject) -> None:
    spool = Spool()
    for text in texts:
        spool.put(text)
    number = data.draw(st.integers(0, len(texts) - 1))
    begin = data.draw(st.integers(0, len(texts[number])))
    end = data.draw(st.integers(begin, len(texts[number]) + 5))
    assert spool.stretch(number, begin, end) == texts[number][begin:end]
    assert pickle.loads(pickle.dumps(spool)).stretch(number, begin, end) == texts[number][begin:end]
