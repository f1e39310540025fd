"""``make faults``: every fault of the harness, with counts printed and kept in ``build/faults.jsonl``.

Stopped at any time, the same command goes on where it was; what a change of our modules touches is run again.
"""

import sys
import tempfile
from pathlib import Path

from tests.faults import damaging, injecting, killing, shim, soak
from tests.faults.kept import Kept

KEPT = Path("build/faults.jsonl")


def main() -> int:
    """Run what is left to run; 1 where a guarantee did not hold, or could not be tried."""
    counts = []
    with tempfile.TemporaryDirectory() as made:
        damaging.main(Path(made) / "evidence", damaged := Kept(KEPT, *damaging.OURS))
        counts.append(damaged)
        ended = shim.injected(Path(made), KEPT, 0)
        sys.stderr.write(ended.stderr)
        counts.append(Kept(KEPT, *injecting.OURS))
    counts += [*killing.main(KEPT), soak.main(KEPT)]
    for one in counts:
        print(*one.table(), sep="\n")  # noqa: T201
    return 1 if ended.returncode or any(one.broken() for one in counts) else 0


if __name__ == "__main__":
    sys.exit(main())
