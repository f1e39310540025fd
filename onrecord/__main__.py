"""``python -m onrecord``: the command, as the schedule calls it for each job."""

from onrecord.cli import main

main()
