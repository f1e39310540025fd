"""What can go wrong for whoever asks an archive.

storage.errors.OnRecordError
└── ClientError
    ├── NotAnswered   the archive refused, or could not be reached
    └── NoFrames      neither pandas nor polars is installed
"""

from storage.errors import OnRecordError


class ClientError(OnRecordError):
    """The archive could not be asked."""


class NotAnswered(ClientError):
    """The archive refused, or could not be reached (``status`` 0)."""

    def __init__(self, told: str, status: int = 0) -> None:
        super().__init__(told)
        self.status = status


class NoFrames(ClientError):
    """There is nothing that makes a data frame."""
