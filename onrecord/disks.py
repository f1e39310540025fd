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
_UNREADABLE: Final = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
"""So SQLite calls a page that is not what was written, and one that the disk does not give back."""
_TO_DO: Final = "; look at the disk; what was kept is kept, repeat the command to go on"


def refusal(error: Exception) -> str | None:
    """The line for it; None where it is no fault of the machine's."""
    from sqlalchemy.exc import DBAPIError, OperationalError  # noqa: PLC0415 (`--help` needs no database)

    told = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(told, sqlite3.DatabaseError):
        family = getattr(told, "sqlite_errorcode", 0) & 0xFF  # the low byte
        if family in _UNREADABLE:
            return f"the archive cannot be read: {told}; look at the disk, then run `onrecord verify`"
        return f"the archive cannot be written: {told}{_TO_DO}" if family in _SQLITE else None
    if isinstance(error, OperationalError):
        return f"the database server refuses: {str(told).splitlines()[0]}; repeat the command to go on"
    if isinstance(error, OSError) and error.errno in _MACHINE:
        return f"{error.filename or 'the archive'}: {error.strerror}{_TO_DO}"
    return None
