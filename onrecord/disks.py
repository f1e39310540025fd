"""What a disk or a server refuses, in one line: full, failing, read-only, out of descriptors, gone.

Only what the machine does is told so; a statement that our own code got wrong stays a traceback.
"""

import errno
import sqlite3
from typing import Final

_MACHINE: Final = frozenset(
    {
        errno.ENOSPC,
        errno.EDQUOT,
        errno.EIO,
        errno.EROFS,
        errno.EMFILE,
        errno.ENFILE,
        errno.EACCES,
        errno.EPERM,
    }
)
_SQLITE: Final = frozenset(
    {
        *(sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY),
        *(sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED),
    }
)
_TO_DO: Final = "; look at the disk; what was kept is kept, repeat the command to go on"


def refusal(error: Exception) -> str | None:
    """The line for it; None where it is no fault of the machine's."""
    from sqlalchemy.exc import OperationalError  # noqa: PLC0415 (`--help` needs no database)

    told = error.orig if isinstance(error, OperationalError) else error
    if isinstance(told, sqlite3.OperationalError):
        known = getattr(told, "sqlite_errorcode", 0) & 0xFF in _SQLITE  # the low byte is the family
        return f"the archive cannot be written: {told}{_TO_DO}" if known else None
    if isinstance(error, OperationalError):
        return f"the database server refuses: {str(told).splitlines()[0]}; repeat the command to go on"
    if isinstance(error, OSError) and error.errno in _MACHINE:
        return f"{error.filename or 'the archive'}: {error.strerror}{_TO_DO}"
    return None
