"""A server that speaks S3, on loopback: moto's, as a process of its own."""

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "a-key-of-nobody",
    "AWS_SECRET_ACCESS_KEY": "a-secret-of-nobody",
    "AWS_DEFAULT_REGION": "us-east-1",
}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def served() -> Iterator[str]:
    """Its address, while it runs; whatever it holds is gone afterwards."""
    port = free_port()
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    server = subprocess.Popen(
        command,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=os.environ | ENVIRONMENT | {"PYTHONWARNINGS": "ignore"},
    )
    try:
        _wait_for(port, server)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait()


def _wait_for(port: int, server: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        assert server.poll() is None, "the S3 server ended"
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise AssertionError("the S3 server does not listen")


def told(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    """Have S3 be there, for this process and those it starts."""
    for name, value in {**ENVIRONMENT, "AWS_ENDPOINT_URL": address}.items():
        monkeypatch.setenv(name, value)
    _files().clear_instance_cache()


def made(folder: Path, *, versions: bool = False) -> str:
    """A bucket of its own, by the name of a test's folder."""
    name = re.sub("[^a-z0-9]+", "-", f"{folder.parent.name}-{folder.name}".lower())[-60:].strip("-")
    _files()().mkdir(name)
    if versions:
        _files()().call_s3(
            "put_bucket_versioning", Bucket=name, VersioningConfiguration={"Status": "Enabled"}
        )
    return name


def versions(bucket: str) -> list[bytes]:
    """Every version of every object that the bucket keeps."""
    files = _files()(version_aware=True)
    found = files.call_s3("list_object_versions", Bucket=bucket).get("Versions", [])
    return [files.cat_file(f"{bucket}/{one['Key']}", version_id=one["VersionId"]) for one in found]


def _files() -> Any:
    import s3fs  # noqa: PLC0415 (it is there only where these tests are)

    return s3fs.S3FileSystem
