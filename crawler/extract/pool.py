"""Child processes that read documents and may be killed: no document can hang, crash or bloat the parent.

    with Pool() as pool:
        pages = pool.run(read_pdf, content)                  # waits; raises ExtractionFailed
        future = pool.submit(read_html, content, url)        # a concurrent.futures.Future
        for name, outcome in pool.each(read_pdf, files):     # in order, both cores busy
            ...                                              # outcome: the result, or an OnRecordError

The function is any at the top of a module that takes the bytes first and returns something picklable; what
it imports is imported once a child. It runs under ``Limits``: time by the clock, CPU and memory. Whatever
happens in the child ends as the function's result or as an ``OnRecordError`` of one line: its own, or
``ExtractionFailed`` (TooSlow, TooMuchMemory, Crashed). The child is replaced and the next document goes on.

A child is a fresh interpreter on one pipe of its own, so that nothing is shared which a killed child could
leave locked; it ends by itself when the parent dies.
"""

import contextlib
import itertools
import os
import pickle
import queue
import signal
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from multiprocessing import Pipe
from typing import Any, Self, TypeVar

from crawler.errors import Crashed, TooMuchMemory, TooSlow
from crawler.extract.worker import Limits
from storage.errors import OnRecordError

T = TypeVar("T")
K = TypeVar("K")

_DOCUMENTS_PER_CHILD = 2000  # then a fresh one: the libraries below leak a little
_AHEAD = 4  # documents waiting a child, so that none idles and memory stays bounded


class Pool:
    """A few children that read documents under limits."""

    def __init__(self, *, workers: int | None = None, limits: Limits | None = None) -> None:
        """``workers``: children at once, by default one a core."""
        self.workers = workers or os.cpu_count() or 1
        self._limits = limits or Limits()
        self._children = [_Child() for _ in range(self.workers)]
        self._idle: queue.LifoQueue[_Child] = queue.LifoQueue()
        for child in self._children:
            self._idle.put(child)
        self._threads = ThreadPoolExecutor(self.workers, thread_name_prefix="extract")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def submit(
        self, function: Callable[..., T], content: bytes, *args: Any, limits: Limits | None = None
    ) -> Future[T]:
        """Run ``function(content, *args)`` in a child; the future raises what ``run`` raises.

        ``limits``: of this document, where they are other than the pool's.
        """
        return self._threads.submit(self._job, (function, content, args), limits or self._limits)

    def run(self, function: Callable[..., T], content: bytes, *args: Any, limits: Limits | None = None) -> T:
        """Run ``function(content, *args)`` in a child and wait; an OnRecordError says why it failed."""
        return self.submit(function, content, *args, limits=limits).result()

    def each(
        self,
        function: Callable[..., T],
        documents: Iterable[tuple[K, bytes]],
        *,
        telling: Callable[[K], tuple[Any, ...]] = lambda _: (),
    ) -> Iterator[tuple[K, T | OnRecordError]]:
        """The result or the failure of each (key, bytes), in order; reads ahead only a few documents.

        ``telling``: further arguments for the function, out of the key.
        """
        source = iter(documents)
        waiting: deque[tuple[K, Future[T]]] = deque()
        while True:
            for key, content in itertools.islice(source, self.workers * _AHEAD - len(waiting)):
                waiting.append((key, self.submit(function, content, *telling(key))))
            if not waiting:
                return
            key, future = waiting.popleft()
            try:
                yield key, future.result()
            except OnRecordError as failure:
                yield key, failure

    def close(self) -> None:
        """Kill the children and drop what was not begun."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        for child in self._children:
            child.retire()
        self._threads.shutdown(wait=True)
        for child in self._children:
            child.stop()

    def _job(self, job: tuple[Any, ...], limits: Limits) -> Any:
        child = self._idle.get()
        try:
            done, value = child.answer(pickle.dumps(job, pickle.HIGHEST_PROTOCOL), limits)
        finally:
            self._idle.put(child)
        if not done:
            raise value
        return value


class _Child:
    """One child process and the pipe to it; started when first needed, replaced when it died."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._closed = False

    def answer(self, job: bytes, limits: Limits) -> tuple[bool, Any]:
        """What ``crawler.extract.worker.work`` answers, or what became of it."""
        if self._closed:
            return False, Crashed("the reading was stopped")
        try:
            if self._process is None:
                self._start()
            self._pipe.send_bytes(pickle.dumps(limits))
            self._pipe.send_bytes(job)
            if not self._pipe.poll(limits.wall):
                self.stop()
                return False, _too_slow(limits)
            done, value = pickle.loads(self._pipe.recv_bytes())  # noqa: S301 (our own child wrote it)
        except (EOFError, OSError):
            return False, self._obituary(limits)
        self._jobs += 1
        if isinstance(value, TooMuchMemory) or self._jobs >= _DOCUMENTS_PER_CHILD:
            self.stop()
        return done, value

    def retire(self) -> None:
        """Kill the child; whoever waits for its answer is told, and no other is started."""
        self._closed = True
        if self._process is not None:
            self._process.kill()

    def _start(self) -> None:
        self._pipe, theirs = Pipe()
        self._process = subprocess.Popen(  # noqa: S603 (our own module)
            [sys.executable, "-m", "crawler.extract.worker", str(theirs.fileno())],
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            process_group=0,  # Ctrl-C is the parent's to handle
        )
        theirs.close()
        self._jobs = 0
        if self._closed:  # retired in the meantime, by another thread
            self._process.kill()
        self._pipe.send_bytes(pickle.dumps(sys.path))

    def stop(self) -> int:
        """Kill the child and give its exit status (negative: the signal that ended it)."""
        if self._process is None:
            return 0
        self._process.kill()
        status = self._process.wait()
        self._process = None
        self._pipe.close()
        return status

    def _obituary(self, limits: Limits) -> OnRecordError:
        assert self._process is not None
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(1)  # its end of the pipe closes a moment before it is gone
        status = self.stop()
        if status in (-signal.SIGXCPU, -signal.SIGALRM):
            return _too_slow(limits)
        how = signal.Signals(-status).name if status < 0 else f"status {status}"
        return Crashed(f"the process that read it died ({how})")


def _too_slow(limits: Limits) -> TooSlow:
    return TooSlow(f"reading it takes longer than {limits.wall:g} s ({limits.cpu:g} s of CPU)")
