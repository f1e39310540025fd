"""``python -m tests.bench``: every comparison, or those named."""

import importlib
import sys

COMPARISONS = (
    *("extraction", "crawl", "names", "quotations", "linking", "removed"),
    *("relinking", "spread", "calibration", "archive", "exports", "hostile", "growth"),
)


def main(chosen: list[str]) -> None:
    """Print one table a comparison."""
    for name in chosen or COMPARISONS:
        print(importlib.import_module(f"tests.bench.{name}").run(), end="\n\n", flush=True)  # noqa: T201


if __name__ == "__main__":
    main(sys.argv[1:])
