"""What can go wrong while linking.

OnRecordError
└── LinkerError
    └── NothingToLinkAgainst    no register and no inspections were imported yet
"""

from storage.errors import OnRecordError


class LinkerError(OnRecordError):
    """A fault of the linker, as one clear line."""


class NothingToLinkAgainst(LinkerError):
    """No register and no inspections were imported yet."""
