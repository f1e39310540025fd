"""A Python client of an archive: over HTTP, or of the archive's own file. See ``onrecord.connect``."""
