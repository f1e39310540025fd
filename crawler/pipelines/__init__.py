"""Item pipelines: what becomes of a harvest."""
