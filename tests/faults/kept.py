"""What each trial came to, kept in a file, so that a long run that was stopped goes on where it was.

One JSON line a trial: ``{"group": …, "trial": …, "found": […]}``; ``found`` is empty where every guarantee
held. A file that other code wrote is begun anew: its first line holds a digest of all our modules.
"""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

_ROOT = Path(__file__).parents[2]
_OURS = ("storage", "crawler", "linker", "onrecord", "tests/faults")


def code() -> str:
    """A digest of every module that the trials run."""
    files = sorted(
        path for folder in _OURS for path in (_ROOT / folder).rglob("*.[cp]*") if path.suffix != ".pyc"
    )
    told = hashlib.sha256()
    for path in files:
        if path.is_file():
            told.update(path.read_bytes())
    return told.hexdigest()


class Kept:
    """The counts of one file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.found: dict[tuple[str, str], list[str]] = {}
        self._read(code())

    def __contains__(self, key: tuple[str, str]) -> bool:
        return key in self.found

    def add(self, group: str, trial: str, found: list[str]) -> None:
        """Keep what one trial came to."""
        self.found[group, trial] = found
        with self.path.open("a") as file:
            file.write(json.dumps({"group": group, "trial": trial, "found": found}) + "\n")

    def table(self) -> Iterator[str]:
        """A line a group: how many trials, in how many a guarantee did not hold, and the first of these."""
        yield f"{'group':<32}{'trials':>8}{'broken':>8}"
        for group in dict.fromkeys(group for group, _ in self.found):
            of = {trial: found for (one, trial), found in self.found.items() if one == group}
            broken = {trial: found for trial, found in of.items() if found}
            yield f"{group:<32}{len(of):>8,}{len(broken):>8,}"
            for trial, found in list(broken.items())[:5]:
                yield f"    {trial}: {'; '.join(found)}"

    def broken(self) -> dict[str, list[str]]:
        """The trials in which a guarantee did not hold."""
        return {f"{group}, {trial}": found for (group, trial), found in self.found.items() if found}

    def _read(self, current: str) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        lines = self.path.read_text().splitlines() if self.path.exists() else []
        if not lines or json.loads(lines[0]) != {"code": current}:
            self.path.write_text(json.dumps({"code": current}) + "\n")
            return
        for line in lines[1:]:
            try:
                row = json.loads(line)
            except ValueError:  # the run was killed while it wrote this line
                continue
            self.found[row["group"], row["trial"]] = row["found"]
