"""Linking on several processes or machines, by Dask: the linker goes to each once, stories go in portions.

Workers read and write nothing: what they answer is written here, a portion a transaction, as if it had been
linked here. So a worker that dies costs the portions it was doing, which Dask gives to another.
"""

import contextlib
import logging
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from distributed import Client, Future, LocalCluster, as_completed

from linker.errors import NoScheduler
from linker.linking import Linker
from linker.portions import Portion, Told, Way, link_portion

_AHEAD = 3
"""Portions a worker's thread has before it: enough to be never idle, and few in memory."""


@contextlib.contextmanager
def on_scheduler(address: str) -> Iterator[Way]:
    """The workers of the Dask scheduler at this address; NoScheduler."""
    try:
        client = Client(address, timeout="5s", set_as_default=False)
    except (OSError, ValueError) as error:
        raise NoScheduler(f"no Dask scheduler answers at {address}: {error}") from None
    with client:
        if not client.nthreads():
            raise NoScheduler(
                f"the Dask scheduler at {address} has no workers; start `dask worker {address}`"
            )
        yield _way(client)


@contextlib.contextmanager
def on_processes(count: int) -> Iterator[Way]:
    """So many processes of this machine, which end with the work; they listen on loopback alone."""
    with (
        LocalCluster(
            n_workers=count,
            threads_per_worker=1,
            host="127.0.0.1",
            dashboard_address=None,
            memory_limit=0,
            silence_logs=logging.ERROR,
        ) as cluster,
        Client(cluster, set_as_default=False) as client,
    ):
        yield _way(client)


def _way(client: Client) -> Way:
    def spread(linker: Linker, portions: Iterable[Portion]) -> Iterator[list[list[Told]]]:
        held = client.scatter(linker, broadcast=True, hash=False)
        waiting = iter(portions)

        def send(most: int) -> list[Future[Any]]:
            return [client.submit(link_portion, held, one, pure=False) for one in islice(waiting, most)]

        doing = as_completed(send(_AHEAD * sum(client.nthreads().values())), loop=client.loop)
        for done in doing:
            told = done.result()
            done.release()
            doing.update(send(1))
            yield told

    return spread
