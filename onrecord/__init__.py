"""The front door: command line, settings, schedule, demo."""
