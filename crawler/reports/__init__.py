"""Inspection reports: from pages of text to a report with its facts, sections and sentences."""
