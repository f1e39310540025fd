"""The leads there are, by the name their address has."""

from typing import Final

from archive.reading.leads import changed, falling, quiet, uncovered, unrecorded
from archive.reading.leads.shape import Lead

LEADS: Final[dict[str, Lead]] = {
    lead.name: lead for lead in (uncovered.LEAD, unrecorded.LEAD, falling.LEAD, changed.LEAD, quiet.LEAD)
}
