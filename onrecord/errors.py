"""What can go wrong at the front door.

OnRecordError
└── PortsBusy       another program listens where the demo would
"""

from storage.errors import OnRecordError


class PortsBusy(OnRecordError):
    """Another program listens on a port that the demo would take."""
