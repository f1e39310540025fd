"""The sources of the demo's web, one file each, as sources of the real web are in ``crawler.spiders``."""
