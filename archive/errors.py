"""What can go wrong in the web archive.

storage.errors.OnRecordError
└── ArchiveError
    ├── PortTaken       another program listens there
    ├── TooMuchAtOnce   one person or token asks for more at a time than is answered
    ├── TookTooLong     a search was given up
    ├── Undelivered     a target did not take a message
    └── Unfit           what a program sent does not fit what is asked of it
"""

from collections.abc import Sequence

from storage.errors import OnRecordError


class ArchiveError(OnRecordError):
    """The web archive cannot do what was asked."""


class PortTaken(ArchiveError):
    """Another program listens at that address."""


class TooMuchAtOnce(ArchiveError):
    """One person or token asks for more at a time than is answered."""


class TookTooLong(ArchiveError):
    """A search was given up."""


class Unfit(ArchiveError):
    """What a program sent does not fit; ``errors`` as {in, name, told}."""

    def __init__(self, told: str, errors: Sequence[dict[str, str]]) -> None:
        super().__init__(told)
        self.errors = list(errors)


class Undelivered(ArchiveError):
    """A target did not take a message.

    ``only_this``: the target may take others; ``gone``: it says that it never takes one again.
    """

    def __init__(self, why: str, *, only_this: bool = False, gone: bool = False) -> None:
        super().__init__(why)
        self.only_this, self.gone = only_this, gone
