"""From a source to storage: discover, fetch, keep the raw bytes, extract."""
