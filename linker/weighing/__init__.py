"""Clue against record: one file a kind of comparison; each tells its level, its weight in log2 and why."""
