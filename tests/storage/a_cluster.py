"""A PostgreSQL server of a test's own, which may be restarted, stopped and halted as nobody else's may."""

import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

_SMALL = "-c listen_addresses=127.0.0.1 -c max_connections=60 -c shared_buffers=16MB"
_FAST = "-c fsync=off"  # the system goes on when the server crashes, and keeps all that was written to it


class Cluster:
    """The server and its one database; ``address`` stays the same through all that befalls it."""

    def __init__(self, programs: Path, folder: Path) -> None:
        self._programs, self._folder, self._data = programs, folder, folder / "data"
        self.port = _free_port()
        self.address = f"postgresql://postgres@127.0.0.1:{self.port}/onrecord_restarted"
        self._run(
            "initdb", "--no-sync", "--auth=trust", "--username=postgres", "--encoding=UTF8", "--locale=C"
        )
        self.start()
        self._run(
            "createdb", "--username=postgres", "--host=127.0.0.1", f"--port={self.port}", "onrecord_restarted"
        )

    def start(self) -> None:
        """Start it, and wait until it answers."""
        options = f"-p {self.port} -k {self._folder} {_SMALL} {_FAST}"
        self._run("pg_ctl", "start", "--wait", f"--log={self._folder / 'log'}", f"--options={options}")

    def stop(self, mode: str = "immediate") -> None:
        """Stop it as a crash would, unless ``mode`` is gentler."""
        self._run("pg_ctl", "stop", "--wait", f"--mode={mode}")

    def restart(self) -> None:
        """Crash, and come back."""
        self.stop()
        self.start()

    @contextlib.contextmanager
    def halted(self) -> Iterator[None]:
        """All its processes stand still: connections stay open, and nothing is answered."""
        postmaster = int((self._data / "postmaster.pid").read_text().split()[0])
        children = Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text().split()
        processes = [postmaster, *map(int, children)]
        for process in processes:
            os.kill(process, signal.SIGSTOP)
        try:
            yield
        finally:
            for process in processes:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(process, signal.SIGCONT)

    def _run(self, program: str, *words: str) -> None:
        """As another user where we are root, whom PostgreSQL refuses."""
        place = [] if program == "createdb" else [f"--pgdata={self._data}"]
        owner = {"user": "postgres", "group": "postgres", "extra_groups": []} if os.geteuid() == 0 else {}
        told = self._folder / "told"  # no pipe: the server would inherit it, and hold it open
        with told.open("wb") as file:
            done = subprocess.run(
                [self._programs / program, *words, *place],
                cwd=self._folder,
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.STDOUT,
                check=False,
                **owner,  # type: ignore[call-overload]
            )
        assert done.returncode == 0, (program, told.read_text()[-2_000:])


@contextlib.contextmanager
def a_cluster() -> Iterator[Cluster]:
    """One, running; skipped where the server's programs are not installed, which CI may not be without."""
    programs = _programs()
    if programs is None:
        if os.environ.get("CI"):
            pytest.fail("CI needs PostgreSQL's server programs (initdb, pg_ctl)")
        pytest.skip("PostgreSQL's server programs (initdb, pg_ctl) are not on this machine")
    folder = Path(tempfile.mkdtemp(prefix="onrecord-cluster-"))  # pytest's own folders are closed to others
    if os.geteuid() == 0:
        owner = pwd.getpwnam("postgres")
        os.chown(folder, owner.pw_uid, owner.pw_gid)
    cluster = None
    try:
        cluster = Cluster(programs, folder)
        yield cluster
    finally:
        if cluster is not None and (folder / "data" / "postmaster.pid").exists():
            cluster.stop()
        shutil.rmtree(folder)


def _programs() -> Path | None:
    """The folder of the newest server's programs."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda one: float(one.parent.name))
    if asked := shutil.which("pg_config"):
        said = subprocess.run([asked, "--bindir"], capture_output=True, text=True, check=False)
        folders.insert(0, Path(said.stdout.strip()))
    return next((one for one in reversed(folders) if (one / "initdb").is_file()), None)


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port
