"""CSV: UTF-8, a header line, lists as JSON in one cell, and no cell that a spreadsheet would run.

Text stands in quotes, so that an empty text is told from nothing. Arrow writes it, several times as fast as
the csv module.
"""

from collections.abc import Callable
from typing import IO, Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

from archive.export.forms.cells import LIVE
from archive.export.forms.nested import NESTED, cells
from archive.export.tabled import Column, Reading, Table, Values

_TYPES: Final = {"whole": pa.int64(), "number": pa.float64(), "flag": pa.bool_()}
_BODY: Final = pacsv.WriteOptions(include_header=False)


def write(table: Table, reading: Reading, out: IO[bytes]) -> int:
    """Write the table; how many rows there were."""
    makers, count = [_maker(column) for column in table.columns], 0
    out.write((",".join(table.names) + "\n").encode())
    for batch in table.read(reading):
        arrays = [make(values) for make, values in zip(makers, batch, strict=True)]
        pacsv.write_csv(pa.RecordBatch.from_arrays(arrays, names=table.names), out, _BODY)
        count += len(batch[0])
    return count


def _maker(column: Column) -> Callable[[Values], pa.Array]:
    if column.kind in _TYPES:
        return lambda values: pa.array(values, type=_TYPES[column.kind])
    if column.kind in NESTED:
        made = cells(column)
        return lambda values: pa.array(made(values), type=pa.string())
    return _texts


def _texts(values: Values) -> pa.Array:
    held = pa.array(values, type=pa.string())
    live = pc.match_substring_regex(held, LIVE)
    if not pc.any(live).as_py():
        return held
    return pc.if_else(live, pc.binary_join_element_wise("'", held, ""), held)
