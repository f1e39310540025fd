"""Work on a whole archive spread over processes or machines, by Dask.

Workers read and write no archive: what all portions need goes to each once, portions are handed to whoever is
free, and what is answered is written here, as if it had been done here. So a worker that dies costs the
portions it was doing, which Dask gives to another.
"""

import contextlib
import functools
import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, TypeVar

from distributed import Client, Future, LocalCluster, as_completed

from crawler.extract.pool import Pool
from linker.linking import Linker
from linker.portions import Portion, Told, link_portion
from storage.errors import OnRecordError

K = TypeVar("K")
P = TypeVar("P")
T = TypeVar("T")
_AHEAD = 3
"""Portions a worker's thread has before it: enough to be never idle, and few in memory."""


class NoScheduler(OnRecordError):
    """No Dask scheduler answers at an address, or it has no workers."""


class Crew:
    """The workers of one Dask scheduler."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def link(self, linker: Linker, portions: Iterable[Portion]) -> Iterator[list[list[Told]]]:
        """A ``linker.portions.Way``."""
        return self._spread(link_portion, linker, portions)

    def map(self, function: Callable[..., T], asked: Sequence[tuple[Any, ...]]) -> list[T]:
        """A ``linker.train.Way``: answers in the order asked; of first arguments each goes once."""
        known = {id(first): first for first, *_ in asked}
        held = {one: self._client.scatter(first, hash=False) for one, first in known.items()}
        doing = [self._client.submit(function, held[id(first)], *rest, pure=False) for first, *rest in asked]
        return list(self._client.gather(doing))

    def each(
        self,
        function: Callable[..., T],
        documents: Iterable[tuple[K, bytes]],
        *,
        telling: Callable[[K], tuple[Any, ...]] = lambda _: (),
    ) -> Iterator[tuple[K, T | OnRecordError]]:
        """As ``crawler.extract.pool.Pool.each``, in any order: read under the same limits, on the workers."""
        told = ((key, (content, *telling(key))) for key, content in documents)
        return self._spread(_read, function, told)

    def _spread(self, function: Callable[[Any, P], T], shared: Any, portions: Iterable[P]) -> Iterator[T]:
        """What the function answers of each portion, in any order."""
        held = self._client.scatter(shared, broadcast=True, hash=False)
        waiting = iter(portions)

        def send(most: int) -> list[Future[Any]]:
            return [self._client.submit(function, held, one, pure=False) for one in islice(waiting, most)]

        first = send(_AHEAD * sum(self._client.nthreads().values()))
        doing = as_completed(first, loop=self._client.loop)
        for done in doing:
            answer = done.result()
            done.release()
            doing.update(send(1))
            yield answer


@contextlib.contextmanager
def crew(scheduler: str | None, processes: int) -> Iterator[Crew]:
    """The workers of the scheduler at that address, else so many processes of this machine; NoScheduler."""
    with _scheduled(scheduler) if scheduler else _local(processes) as client:
        yield Crew(client)


@contextlib.contextmanager
def _scheduled(address: str) -> Iterator[Client]:
    try:
        client = Client(address, timeout="5s", set_as_default=False)
    except (OSError, ValueError) as error:
        raise NoScheduler(f"no Dask scheduler answers at {address}: {error}") from None
    with client:
        if not client.nthreads():
            raise NoScheduler(
                f"the Dask scheduler at {address} has no workers; start some: dask worker {address}"
            )
        yield client


@contextlib.contextmanager
def _local(processes: int) -> Iterator[Client]:
    """Processes that end with the work; they listen on loopback alone."""
    with (
        LocalCluster(
            n_workers=processes,
            threads_per_worker=1,
            host="127.0.0.1",
            dashboard_address="127.0.0.1:0",
            memory_limit=0,
            silence_logs=logging.ERROR,
        ) as cluster,
        Client(cluster, set_as_default=False) as client,
    ):
        yield client


def _read(function: Callable[..., T], told: tuple[K, tuple[Any, ...]]) -> tuple[K, T | OnRecordError]:
    """One document, in a child of the worker that may be killed."""
    key, given = told
    try:
        return key, _readers().run(function, *given)
    except OnRecordError as failure:
        return key, failure


@functools.cache
def _readers() -> Pool:
    return Pool(workers=1)
