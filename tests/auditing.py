"""``make audit``: known faults of the pinned packages, or a clear line that nobody could be asked.

pip-audit passes over a package that its service does not know, and says that all is well where it knows none;
here that is no answer. Exit status 0: asked, and none is known; 1: faults are known; 3: nobody could be asked.
"""

import json
import subprocess
import sys
from typing import Any

NOBODY = "no advisory service can be reached from here: whether faults are known was not asked; try elsewhere"
_PATIENCE = 600  # seconds


def verdict(answer: str) -> tuple[int, list[str]]:
    """The exit status, and what to say, for what pip-audit printed."""
    try:
        packages: list[dict[str, Any]] = json.loads(answer)["dependencies"]
    except (ValueError, LookupError, TypeError):
        return 3, [NOBODY]
    asked = [one for one in packages if "skip_reason" not in one]
    if not asked:
        return 3, [NOBODY]
    said = [
        f"{one['name']} {one['version']}: {fault['id']}; mended in {', '.join(fault['fix_versions']) or 'no version yet'}"
        for one in asked
        for fault in one["vulns"]
    ]
    passed_over = f" ({len(packages) - len(asked)} not known there)" if len(asked) < len(packages) else ""
    said.append(f"{len(asked)} packages asked about{passed_over}, {len(said)} known faults")
    return (1 if len(said) > 1 else 0), said


def main(program: str, lock: str) -> int:
    """Ask pip-audit about a file of pinned packages."""
    try:
        done = subprocess.run(
            [
                program,
                "--disable-pip",
                "--require-hashes",
                "--requirement",
                lock,
                "--format",
                "json",
                "--progress-spinner",
                "off",
            ],
            capture_output=True,
            text=True,
            check=False,
            timeout=_PATIENCE,
        )
        answer = done.stdout
    except subprocess.TimeoutExpired:
        answer = ""
    status, said = verdict(answer)
    sys.stdout.write("\n".join(said) + "\n")
    return status


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
