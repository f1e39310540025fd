"""Exports: the archive's tables as files for other people's datasets, streamed, whole or since a cursor."""
