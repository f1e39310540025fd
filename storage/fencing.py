"""The fence: a command that was started for a job writes only for as long as that job is its scheduler's.

Whoever starts it says which job and which taking of it in the environment, as ``crawl echo#12``. Where
another took the job over meanwhile, because the first was halted or cut off, the first writes nothing more.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

from storage.errors import StorageError
from storage.schema.jobs import jobs

VARIABLE: Final = "ONRECORD_JOB"


class TakenOver(StorageError):
    """Another scheduler does this job by now; nothing was written."""


@dataclass(frozen=True, kw_only=True)
class Fence:
    """One taking of a job."""

    job: str
    number: int

    def __str__(self) -> str:
        return f"{self.job}#{self.number}"

    @classmethod
    def given(cls, environment: Mapping[str, str] | None = None) -> "Fence | None":
        """What the environment says; None for a command that a person started."""
        said = (os.environ if environment is None else environment).get(VARIABLE, "")
        job, _, number = said.rpartition("#")
        return cls(job=job, number=int(number)) if job and number.isdecimal() else None

    def check(self, connection: sa.Connection) -> None:
        """TakenOver where the job is not this taking's any more."""
        holds = sa.select(jobs.c.id).where(jobs.c.id == self.job, jobs.c.fence == self.number)
        if connection.scalar(holds) is None:
            raise TakenOver(f"another scheduler does {self.job!r} by now; this one writes nothing more")
