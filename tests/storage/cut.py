"""A way to a server that is cut, for tests, at the moment a commit is asked for."""

import contextlib
import socket
import threading
from collections.abc import Iterator
from typing import Literal

import sqlalchemy as sa


class Way:
    """Hands on what client and server say; ``cut`` says when the next connection that commits is cut."""

    def __init__(self, address: str) -> None:
        url = sa.make_url(address)
        self._server = (url.host or "127.0.0.1", url.port or 5432)
        self._ear = socket.create_server(("127.0.0.1", 0))
        self.address = url.set(host="127.0.0.1", port=self._ear.getsockname()[1]).render_as_string(
            hide_password=False
        )
        self.cut: Literal["before", "after"] | None = None
        self.stays_cut = False  # nobody is let in once it was cut
        self._closed = False
        threading.Thread(target=self._let_in, daemon=True).start()

    def close(self) -> None:
        """Let nobody in any more."""
        self._ear.close()

    def _let_in(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._ear.accept()
                if self._closed:
                    client.close()
                    continue
                server = socket.create_connection(self._server)
                for work in (self._asked, self._answered):
                    threading.Thread(target=work, args=(client, server), daemon=True).start()

    def _asked(self, client: socket.socket, server: socket.socket) -> None:
        with client, server, contextlib.suppress(OSError):
            while said := client.recv(65_536):
                if self.cut and b"COMMIT" in said:
                    when, self.cut, self._closed = self.cut, None, self.stays_cut
                    client.shutdown(socket.SHUT_RDWR)
                    if when == "after":
                        server.sendall(said)
                        server.recv(65_536)  # it is done
                    server.shutdown(socket.SHUT_RDWR)  # closing alone would leave the other thread's hold
                    return
                server.sendall(said)

    def _answered(self, client: socket.socket, server: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while said := server.recv(65_536):
                client.sendall(said)


@contextlib.contextmanager
def a_way(address: str) -> Iterator[Way]:
    """One, to the server of that address."""
    way = Way(address)
    try:
        yield way
    finally:
        way.close()
