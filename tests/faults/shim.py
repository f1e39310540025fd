"""The compiled ``failing.c``, and Python with it preloaded."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

SOURCE = Path(__file__).with_name("failing.c")


def compiler() -> str | None:
    """The C compiler of this machine."""
    return shutil.which("cc") or shutil.which("gcc")


def injected(folder: Path, kept: Path, few: int) -> subprocess.CompletedProcess[str]:
    """Run ``tests.faults.injecting`` with the shim, made in that folder; refused without a compiler."""
    if compiler() is None:
        raise RuntimeError("there is no C compiler to make the shim of failing calls with; install one")
    made = folder / "failing.so"
    subprocess.run([compiler() or "cc", "-O1", "-shared", "-fPIC", "-o", made, SOURCE, "-ldl"], check=True)
    return subprocess.run(
        [sys.executable, "-m", "tests.faults.injecting", str(kept.resolve()), str(few)],
        env=os.environ | {"LD_PRELOAD": str(made)},
        cwd=SOURCE.parents[2],
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
