"""No document can hang, crash or bloat the parent."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.errors import Crashed, ExtractionFailed, TooMuchMemory, TooSlow, Unreadable
from crawler.extract.pool import Pool
from crawler.extract.worker import Limits


def length(content: bytes) -> int:
    return len(content)


def joined(content: bytes, address: str) -> str:
    return f"{address} {content.decode()}"


def misbehave(content: bytes) -> int:
    """Do what the document says."""
    match content:
        case b"sleep":
            time.sleep(60)
        case b"burn":
            while True:
                pass
        case b"crash":
            os.kill(os.getpid(), signal.SIGSEGV)
        case b"leave":
            os._exit(3)
        case b"bloat":
            return len(bytearray(2 << 30))
        case b"refuse":
            raise Unreadable("it is torn")
        case b"stumble":
            raise KeyError("x")
        case b"dig":
            return misbehave(content)
    return os.getpid()


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    with Pool(workers=2, limits=Limits(wall=3, cpu=1, memory=512 << 20)) as opened:
        yield opened


def test_a_function_runs_on_bytes_in_another_process(pool: Pool) -> None:
    assert pool.run(length, b"four") == 4
    assert pool.run(joined, b"text", "here") == "here text"
    assert pool.run(misbehave, b"") != os.getpid()


@pytest.mark.parametrize(
    ("document", "failure", "told"),
    [
        (b"sleep", TooSlow, "longer than 3 s"),
        (b"burn", TooSlow, "1 s of CPU"),
        (b"crash", Crashed, "SIGSEGV"),
        (b"leave", Crashed, "status 3"),
        (b"bloat", TooMuchMemory, "memory"),
        (b"refuse", Unreadable, "it is torn"),
        (b"stumble", ExtractionFailed, "KeyError"),
        (b"dig", Unreadable, "nested"),
    ],
)
def test_what_goes_wrong_is_one_typed_line_and_the_next_document_is_read(
    pool: Pool, document: bytes, failure: type[ExtractionFailed], told: str
) -> None:
    with pytest.raises(failure, match=told) as caught:
        pool.run(misbehave, document)
    assert "\n" not in str(caught.value)
    assert pool.run(length, b"next") == 4


def test_many_documents_come_back_in_order_with_their_failures(pool: Pool) -> None:
    documents = [(number, b"crash" if number % 10 == 3 else b"") for number in range(40)]
    outcomes = dict(pool.each(misbehave, documents))
    assert list(outcomes) == list(range(40))
    assert [n for n, outcome in outcomes.items() if isinstance(outcome, Crashed)] == [3, 13, 23, 33]


def test_two_documents_are_read_at_once() -> None:
    with Pool(workers=2) as pool:
        children = {pool.submit(misbehave, b"").result() for _ in range(3)}
        assert len(children) == 1  # the child at hand is taken before another is started
        slow, quick = pool.submit(misbehave, b"sleep"), pool.submit(misbehave, b"")
        assert quick.result(10) not in {os.getpid(), None}
        assert not slow.done()


def test_documents_are_not_read_far_ahead(pool: Pool) -> None:
    taken: list[int] = []

    def source() -> Iterator[tuple[int, bytes]]:
        for number in range(1000):
            taken.append(number)
            yield number, b""

    outcomes = pool.each(length, source())
    next(outcomes)
    assert len(taken) <= 8


def test_closing_kills_what_hangs() -> None:
    before = time.monotonic()
    with Pool(workers=1) as pool:
        hanging = pool.submit(misbehave, b"sleep")
        pool_is_busy = pool.submit(length, b"never")
        time.sleep(0.5)
    assert time.monotonic() - before < 5
    assert isinstance(hanging.exception(), Crashed)
    assert pool_is_busy.cancelled() or isinstance(pool_is_busy.exception(), Crashed)


def test_children_end_when_the_parent_is_killed(tmp_path: Path) -> None:
    (tmp_path / "pids.py").write_text(
        "import os\n\ndef pid(content: bytes) -> int:\n    return os.getpid()\n"
    )
    program = (
        "import time; import pids; from crawler.extract.pool import Pool\n"
        "print(Pool(workers=1).run(pids.pid, b''), flush=True)\n"
        "time.sleep(60)\n"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, text=True, cwd=tmp_path
    )
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    parent.kill()
    parent.wait()
    parent.stdout.close()
    assert gone_within_five_seconds(child)


def gone_within_five_seconds(pid: int) -> bool:
    for _ in range(100):
        try:
            os.kill(pid, 0)
            if b" Z " in Path(f"/proc/{pid}/stat").read_bytes():  # ended; nobody has collected it yet
                return True
        except (ProcessLookupError, FileNotFoundError):
            return True
        time.sleep(0.05)
    return False
