"""``make faults``: every fault of the harness, with counts printed and kept in ``build/faults.jsonl``.

Stopped at any time, the same command goes on where it was, unless a module of ours was changed meanwhile.
"""

import sys
import tempfile
from pathlib import Path

from tests.faults import damaging, killing, shim
from tests.faults.kept import Kept

KEPT = Path("build/faults.jsonl")


def main() -> int:
    """Run what is left to run; 1 where a guarantee did not hold."""
    with tempfile.TemporaryDirectory() as made:
        damaging.main(Path(made) / "evidence", Kept(KEPT))
        if shim.compiler() is None:
            print("skipped: no C compiler to make the shim of failing calls with")  # noqa: T201
        else:
            ended = shim.preloaded(Path(made), "-m", "tests.faults.injecting", str(KEPT), "1")
            sys.stderr.write(ended.stderr)
            if ended.returncode != 0:
                return ended.returncode
    counts = Kept(KEPT)
    killing.main(counts)
    print(*counts.table(), sep="\n")  # noqa: T201
    return 1 if counts.broken() else 0


if __name__ == "__main__":
    sys.exit(main())
