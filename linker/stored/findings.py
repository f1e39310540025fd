"""What the stored reports say beside days and grades, read for the linker."""

from collections.abc import Iterator, Sequence

import sqlalchemy as sa

from linker.findings import Finding, Findings, finding
from linker.register import Inspection
from storage.schema.inspections import reports


def findings_of(connection: sa.Connection, inspections: Sequence[Inspection]) -> Findings:
    """What the reports of these inspections say."""
    numbers = {one.id: number for number, one in enumerate(inspections)}
    return Findings(
        (one.id, one.setting, one.grades[0], said)
        for id_, said in _findings(connection)
        if id_ in numbers and (one := inspections[numbers[id_]])
    )


def _findings(connection: sa.Connection) -> Iterator[tuple[str, Finding]]:
    query = sa.select(reports.c.inspection_id, reports.c.facts, reports.c.text).where(
        reports.c.text.is_not(None), reports.c.inspection_id.is_not(None)
    )
    for inspection, facts, text in connection.execution_options(yield_per=200).execute(query):
        yield inspection, finding(facts, text)
