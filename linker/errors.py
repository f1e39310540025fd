"""What can go wrong while linking.

OnRecordError
└── LinkerError
    ├── NothingToLinkAgainst    no register and no inspections were imported yet
    ├── NoLabels                a file of labels is missing, empty or none
    ├── WorseModel              a fitted model does worse on the labels than the one in use
    └── MissingTool             a tool that is only needed to compare with is not installed
"""

from storage.errors import OnRecordError


class LinkerError(OnRecordError):
    """A fault of the linker, as one clear line."""


class NothingToLinkAgainst(LinkerError):
    """No register and no inspections were imported yet."""


class NoLabels(LinkerError):
    """A file of labels is missing, empty or none."""


class WorseModel(LinkerError):
    """A fitted model does worse on the labels than the one in use."""


class MissingTool(LinkerError):
    """A tool that is only needed to compare with is not installed."""
