"""What can go wrong, as one tree; the command line and the web each map it in one place.

    OnRecordError               a fault with one clear line for the person who meets it
    ├── UsageMistake            the command was called wrongly (exit status 2)
    ├── Stopped                 a person pressed Ctrl-C
    ├── StorageError
    │   ├── NoArchive           there is no archive at that place
    │   ├── NotAnArchive        the file is no archive of ours
    │   ├── NewerArchive        written by a newer version of On Record
    │   ├── UnfinishedCopy      an archive was being copied there, and not all of it is
    │   ├── NotNow              what was asked can be asked again; nothing of it was kept
    │   │   ├── ArchiveBusy     another process is writing and did not finish in time
    │   │   └── ServerAway      the database server does not answer
    │   ├── EvidenceAway        the evidence store does not answer, or refuses
    │   ├── Unsettled           the server went away in a commit, and never said what became of it
    │   └── NotFound            no such article, setting, link …
    ├── RefusedFile             an import file that cannot be taken, with the reason
    └── the roots of the other packages (crawler.errors, linker.errors, archive.errors)

Each message says what happened and what to do, in one line.
"""


class OnRecordError(Exception):
    """A fault whose message is one clear line for a person."""


class UsageMistake(OnRecordError):
    """The command was called wrongly."""


class Stopped(OnRecordError):
    """A person ended the command before it was done."""

    def __init__(self) -> None:
        super().__init__("stopped; what was finished is kept, repeat the command to go on")


class StorageError(OnRecordError):
    """The archive cannot do what was asked."""


class NoArchive(StorageError):
    """There is no archive at that place."""


class NotAnArchive(StorageError):
    """The file is no archive of ours."""


class NewerArchive(StorageError):
    """The archive was written by a newer version."""


class UnfinishedCopy(StorageError):
    """Only part of an archive was copied there so far."""


class NotNow(StorageError):
    """What was asked can be asked again later; nothing of it was kept."""


class ArchiveBusy(NotNow):
    """Another process holds the writer's lock."""


class ServerAway(NotNow):
    """The database server does not answer, or ends what it was asked; nothing of that is kept."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(
            f"the database server is away ({reason}); what was kept is kept, repeat when it is back"
        )


class EvidenceAway(StorageError):
    """The evidence store does not answer, or refuses; what it should hold waits where it is."""

    def __init__(self, url: str, reason: str) -> None:
        self.reason = reason
        super().__init__(
            f"the evidence store {url} does not answer ({reason}); nothing is lost, repeat when it is back"
        )


class Unsettled(StorageError):
    """The server went away as it was to keep something, and did not come back to say whether it did."""

    def __init__(self) -> None:
        super().__init__(
            "the database server went away as this was being kept; look whether it was before you repeat it"
        )


class NotFound(StorageError):
    """No such record."""


class RefusedFile(OnRecordError):
    """An import file that cannot be taken; nothing of it was kept."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"{name}: {reason}")
        self.name, self.reason = name, reason

    def __reduce__(self) -> tuple[type["RefusedFile"], tuple[str, str]]:
        """It crosses from the process that read the file."""
        return type(self), (self.name, self.reason)
