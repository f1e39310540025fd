"""JSON Lines: one object a row, days and moments as ISO 8601, lists and records as they are."""

from typing import IO

import orjson

from archive.export.forms.nested import objects
from archive.export.tabled import Reading, Table, by_row


def write(table: Table, reading: Reading, out: IO[bytes]) -> int:
    """Write the table; how many rows there were."""
    names, count = table.names, 0
    makers = [objects(column) for column in table.columns]
    for batch in table.read(reading):
        for row in by_row([make(values) for make, values in zip(makers, batch, strict=True)]):
            out.write(orjson.dumps(dict(zip(names, row, strict=True)), option=orjson.OPT_APPEND_NEWLINE))
        count += len(batch[0])
    return count
