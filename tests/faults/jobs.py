"""Every job that is tried under every fault."""

from tests.faults.gathering import GATHERING
from tests.faults.job import Job
from tests.faults.safekeeping import SAFEKEEPING

JOBS: tuple[Job, ...] = (*GATHERING, *SAFEKEEPING)
