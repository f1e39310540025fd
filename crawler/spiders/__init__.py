"""The sources: one file each, found by Scrapy; its name is the source's."""
