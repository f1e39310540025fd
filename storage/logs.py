"""The log of what runs for long: JSON lines where a service keeps them, readable ones on a terminal.

Only fields that are named here are told, and only plain short values: no address, title, name or secret
comes into a log by way of a message. Of a fault its kind and where it happened are told, not what it says,
which may quote a page; a person reads that on the operator's pages.
"""

import logging
import re
import sys
import traceback
from types import TracebackType
from typing import Any, Final, TextIO

import structlog
from structlog.stdlib import ProcessorFormatter
from structlog.types import EventDict, Processor

FIELDS: Final = frozenset(
    {"at", "level", "event", "logger", "job", "kind", "outcome", "seconds", "status", "written", "port"}
    | {"fetched", "stored", "duplicate", "refused", "failed", "fault", "where", "jobs", "schedule"}
)
"""All that a line may tell."""
_OURS: Final = ("archive", "crawler", "linker", "onrecord", "storage")
_PLAIN: Final = re.compile(r"[\w .,:;'`/<>+-]{0,300}")
_FRAMES: Final = 6


def set_up(stream: TextIO | None = None) -> None:
    """Have everything that this process logs go to standard error, or the stream, in our shape."""
    stream = stream or sys.stderr
    shape: Processor = (
        structlog.dev.ConsoleRenderer() if stream.isatty() else structlog.processors.JSONRenderer()
    )
    handler = logging.StreamHandler(stream)
    steps: list[Processor] = [
        _as_a_library_says_it,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
        _without_what_a_fault_says,
        allowed,
        shape,
    ]
    handler.setFormatter(ProcessorFormatter(processors=steps, use_get_message=False))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    for name in _OURS:
        logging.getLogger(name).setLevel(logging.INFO)
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )


def logger(name: str) -> structlog.stdlib.BoundLogger:
    """The logger of one of our modules."""
    found: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(name)
    return found


def allowed(_: Any, __: str, event: EventDict) -> EventDict:
    """The fields that may be told, where their values are plain."""
    return {name: value for name, value in event.items() if name in FIELDS and _is_plain(value)}


def _is_plain(value: object) -> bool:
    if isinstance(value, str):
        return _PLAIN.fullmatch(value) is not None
    return value is None or isinstance(value, bool | int | float)


def _as_a_library_says_it(_: Any, __: str, event: EventDict) -> EventDict:
    """A message of another program's may say anything, so only that there was one is told."""
    record: logging.LogRecord = event["_record"]
    event["logger"] = record.name
    if not event["_from_structlog"] and record.name.split(".")[0] not in _OURS:
        event["event"] = "a library says something"
    return event


def _without_what_a_fault_says(_: Any, __: str, event: EventDict) -> EventDict:
    found = event.get("exc_info")
    fault = found[1] if isinstance(found, tuple) else found if isinstance(found, BaseException) else None
    if fault is not None:
        event["fault"] = type(fault).__name__
        event["where"] = _places(fault.__traceback__)
    return event


def _places(at: TracebackType | None) -> str:
    frames = traceback.extract_tb(at)[-_FRAMES:]
    return " < ".join(f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno}" for frame in reversed(frames))
