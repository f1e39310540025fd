"""What each trial came to, kept in a file, so that a long run that was stopped goes on where it was.

One JSON line a trial: ``{"code": …, "group": …, "trial": …, "found": […]}``; ``found`` is empty where every
guarantee held. ``code`` is a digest of what the trial ran: where that was changed meanwhile, the trial is
run again, and the line of the other code stays until the run comes back to it.
"""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

_ROOT = Path(__file__).parents[2]
PACKAGES = ("storage", "crawler", "linker", "archive", "onrecord")


def code(ours: tuple[str, ...]) -> str:
    """A digest of the modules in these folders, and of these files, named from the project's own folder."""
    told = hashlib.sha256()
    for name in ours:
        path = _ROOT / name
        for one in sorted(path.rglob("*.[cp]*")) if path.is_dir() else [path]:
            if one.is_file() and one.suffix != ".pyc":
                told.update(one.relative_to(_ROOT).as_posix().encode() + b"\0" + one.read_bytes())
    return told.hexdigest()[:16]


class Kept:
    """The counts of one file, of the trials that ran the code as it is now.

    ``ours``: the folders and files that a trial depends on.
    """

    def __init__(self, path: Path, *ours: str) -> None:
        self.path, self.code = path, code(ours)
        self.found: dict[tuple[str, str], list[str]] = {}
        self._read()

    def __contains__(self, key: tuple[str, str]) -> bool:
        return key in self.found

    def add(self, group: str, trial: str, found: list[str]) -> None:
        """Keep what one trial came to."""
        self.found[group, trial] = found
        row = {"code": self.code, "group": group, "trial": trial, "found": found}
        with self.path.open("a") as file:
            file.write(json.dumps(row) + "\n")

    def table(self) -> Iterator[str]:
        """A line a group: how many trials, in how many a guarantee did not hold, and the first of these."""
        for group in dict.fromkeys(group for group, _ in self.found):
            of = {trial: found for (one, trial), found in self.found.items() if one == group}
            broken = {trial: found for trial, found in of.items() if found}
            yield f"{group:<60}{len(of):>8,} trials{len(broken):>8,} broken"
            for trial, found in list(broken.items())[:5]:
                yield f"    {trial}: {'; '.join(found)}"

    def broken(self) -> dict[str, list[str]]:
        """The trials in which a guarantee did not hold."""
        return {f"{group}, {trial}": found for (group, trial), found in self.found.items() if found}

    def _read(self) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        for line in self.path.read_text().splitlines() if self.path.exists() else ():
            try:
                row = json.loads(line)
            except ValueError:  # the run was killed while it wrote this line
                continue
            if row.get("code") == self.code:
                self.found[row["group"], row["trial"]] = row["found"]
