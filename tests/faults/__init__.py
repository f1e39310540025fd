"""Faults put in on purpose, as SQLite does: the Nth operation fails, for every N until the job is done."""
