"""The log of what runs for long: JSON lines where a service keeps them, readable ones on a terminal.

Only fields that are named here are told, and only plain short values: no address, title, name or secret
comes into a log by way of a message. Of a fault its kind and where it happened are told, not what it says,
which may quote a page; a person reads that on the operator's pages.

``ONRECORD_LOG_LEVEL`` (debug, info, warning, error) has more told, or less, of us and of libraries alike.
"""

import json
import logging
import os
import re
import sys
import threading
import traceback
from types import TracebackType
from typing import Any, Final, TextIO

import structlog
from structlog.stdlib import ProcessorFormatter
from structlog.types import EventDict, Processor

from storage.errors import UsageMistake

FIELDS: Final = frozenset(
    {"at", "level", "event", "logger", "job", "kind", "outcome", "seconds", "status", "written", "port"}
    | {"fetched", "stored", "duplicate", "refused", "failed", "fault", "where", "jobs", "schedule"}
)
"""All that a line may tell."""
_OURS: Final = ("archive", "crawler", "linker", "onrecord", "storage")
_PLAIN: Final = re.compile(r"[\w .,:;'`/<>+-]{0,300}")
_FRAMES: Final = 6
_LEVELS: Final = ("debug", "info", "warning", "error")


def set_up(
    stream: TextIO | None = None, *, ours: int = logging.INFO, libraries: int = logging.WARNING
) -> None:
    """Have everything that this process logs go to standard error, or the stream, in our shape.

    ``ours`` and ``libraries``: the levels where the environment names none; UsageMistake where that is none.
    """
    stream = stream or sys.stderr
    ours, libraries = _level(ours), _level(libraries)
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
    # By the handler, because a library sets the levels of its own loggers.
    handler.addFilter(lambda record: record.levelno >= (ours if _is_ours(record.name) else libraries))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(libraries)
    for name in _OURS:
        logging.getLogger(name).setLevel(ours)
    sys.excepthook = _uncaught
    threading.excepthook = lambda fault: _uncaught(fault.exc_type, fault.exc_value, fault.exc_traceback)
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )


def logger(name: str) -> structlog.stdlib.BoundLogger:
    """The logger of one of our modules."""
    found: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(name)
    return found


def pass_on(said: str) -> None:
    """Write to standard error those lines of another process of ours that are lines of this log."""
    for line in said.splitlines():
        if line.startswith("{") and _is_a_line(line):
            sys.stderr.write(line + "\n")
    sys.stderr.flush()


def _is_a_line(line: str) -> bool:
    try:
        told = json.loads(line)
    except ValueError:
        return False
    return told.keys() <= FIELDS and all(map(_is_plain, told.values()))


def _level(usual: int) -> int:
    named = os.environ.get("ONRECORD_LOG_LEVEL", "").lower()
    if named and named not in _LEVELS:
        raise UsageMistake(f"ONRECORD_LOG_LEVEL is none of {', '.join(_LEVELS)}")
    return logging.getLevelNamesMapping()[named.upper()] if named else usual


def _is_ours(name: str) -> bool:
    return name.split(".", maxsplit=1)[0] in _OURS


def _uncaught(kind: type[BaseException], fault: BaseException | None, at: TracebackType | None) -> None:
    if fault is not None and not issubclass(kind, KeyboardInterrupt | SystemExit):
        logging.getLogger("onrecord").critical("it ended by a fault", exc_info=(kind, fault, at))


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
    if not event["_from_structlog"] and not _is_ours(record.name):
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
