"""What can go wrong in the web archive.

storage.errors.OnRecordError
└── ArchiveError
    └── PortTaken       another program listens there
"""

from storage.errors import OnRecordError


class ArchiveError(OnRecordError):
    """The web archive cannot do what was asked."""


class PortTaken(ArchiveError):
    """Another program listens at that address."""
