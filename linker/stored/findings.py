"""What the stored reports say beside days and grades: kept beside the archive, read only of what is new."""

import contextlib
from collections.abc import Iterable, Iterator, Mapping, Sequence

import sqlalchemy as sa

from linker.finding_file import FindingFile, Kept
from linker.findings import Finding, Findings, finding
from linker.quotation_files import QuotationFolder
from linker.register import Inspection
from linker.stored.reported import identity, ids_in, stamps_of
from storage.batches import batches
from storage.schema.inspections import reports
from storage.store import Store

_REPORTS = 200
"""Reports whose text is in memory at once."""


def findings_of(told: Mapping[str, Finding], inspections: Sequence[Inspection]) -> Findings:
    """What the reports of these inspections say, counted."""
    numbers = {one.id: number for number, one in enumerate(inspections)}
    return Findings(
        (one.id, one.setting, one.grades[0], said)
        for id_, said in told.items()
        if id_ in numbers and (one := inspections[numbers[id_]])
    )


def kept_findings(store: Store, connection: sa.Connection) -> dict[str, Finding]:
    """By inspection what its report says.

    Only reports that are new or were read anew are read; a store that is open for writing keeps what came
    of it, in the folder of the quotation index, which a takedown empties.
    """
    wanted = stamps_of(connection)
    folder = QuotationFolder(store.place.quotations, archive := identity(connection))
    file = FindingFile(folder.findings, archive)
    held = file.load()
    told = {one: held[one] for one, stamp in wanted.items() if one in held and held[one].stamp == stamp}
    missing = [stamp for one, stamp in wanted.items() if one not in told]
    if not missing and len(told) == len(held):
        return {one: kept.said for one, kept in told.items()}
    for inspection, said in read_findings(connection, ids_in(missing)):
        told[inspection] = Kept(stamp=wanted[inspection], said=said)
    full = contextlib.suppress(OSError)  # a full disk costs time at the next run, not this one
    with folder.held() if store.writable else contextlib.nullcontext(False) as mine, full:
        if mine:
            file.save(told)
    return {one: kept.said for one, kept in told.items()}


def read_findings(connection: sa.Connection, ids: Iterable[str]) -> Iterator[tuple[str, Finding]]:
    """By inspection what these reports say."""
    query = sa.select(reports.c.inspection_id, reports.c.facts, reports.c.text)
    for batch in batches(ids, _REPORTS):
        for inspection, facts, text in connection.execute(query.where(reports.c.id.in_(batch))):
            yield inspection, finding(facts, text)
