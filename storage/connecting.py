"""How a connection to PostgreSQL is made and watched, so that nobody waits for ever for a server that hangs.

A query may take long, and a server that was halted keeps its connections open: the silence of either is the
same. So whoever has heard nothing for a while knocks at the server's door; while it answers, waiting goes on.
"""

import time
from typing import Any, Final, TypeVar

import psycopg
from psycopg.abc import PQGen
from psycopg.types.string import StrDumperUnknown

T = TypeVar("T")
_SILENT: Final = 5.0  # seconds without an answer, after which the server is looked at
_ANSWERS_WITHIN: Final = 5  # seconds for it to let somebody in

BOUNDS: Final[dict[str, Any]] = {
    "connect_timeout": 10,
    "keepalives_idle": 10,  # seconds; a server that vanished from the network is noticed after 25
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 25_000,  # the same in milliseconds, for what was sent and never acknowledged
}
STAYS_FOR: Final = (
    "select set_config('tcp_keepalives_idle', '10', false), set_config('tcp_keepalives_interval', '5', false)"
    ", set_config('tcp_keepalives_count', '3', false), set_config('tcp_user_timeout', '25000', false)"
)
"""And of us by the server, which would hold the writers' lock for a process that is no more."""


class Texts(StrDumperUnknown):
    """Texts as a server takes them: it keeps no NUL, in whose place stands what an import puts there."""

    def dump(self, obj: str) -> Any:
        """The text in the connection's encoding."""
        return super().dump(obj.replace("\0", "\ufffd"))


class Watched(psycopg.Connection[Any]):
    """A connection that ends in an OperationalError when its server neither answers nor lets anybody in."""

    def wait(self, gen: PQGen[T], *given: Any, **named: Any) -> T:
        """Wait for what the server says, and look at it while it says nothing."""
        return super().wait(self._watched(gen), *given, **named)

    def _watched(self, gen: PQGen[T]) -> PQGen[T]:
        heard = time.monotonic()
        try:
            wanted = next(gen)
            while True:
                ready = yield wanted
                if ready:
                    heard = time.monotonic()
                elif time.monotonic() - heard > _SILENT:
                    self._knock()
                    heard = time.monotonic()
                wanted = gen.send(ready)
        except StopIteration as ended:
            answer: T = ended.value
            return answer

    def _knock(self) -> None:
        """Come in by another connection, as one would who knows nothing of this one."""
        door = self.info.get_parameters() | {
            "host": self.info.host,
            "hostaddr": self.info.hostaddr,
            "port": str(self.info.port),
            "password": self.info.password,
            "connect_timeout": str(_ANSWERS_WITHIN),
            "target_session_attrs": "any",
        }
        try:
            psycopg.connect(**door).close()  # type: ignore[arg-type]
        except psycopg.OperationalError as error:
            if "FATAL" in str(error):  # it has no room for another, but it lives
                return
            self.close()
            raise psycopg.OperationalError("the server does not answer") from None
