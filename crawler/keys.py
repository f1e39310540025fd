"""Keys that sources ask for: in the environment, or in a file it names, such as a service manager keeps."""

import os
from pathlib import Path


def key_of(name: str) -> str | None:
    """The key in the file that ``NAME_FILE`` names, else in ``NAME``; None where neither gives one."""
    if file := os.environ.get(f"{name}_FILE"):
        try:
            return Path(file).read_text("utf-8").strip() or None
        except (OSError, ValueError):
            return None
    return os.environ.get(name) or None


def wanting(name: str) -> str:
    """Where it can be put."""
    return f"put it into the environment as {name}, or its file's name as {name}_FILE"
