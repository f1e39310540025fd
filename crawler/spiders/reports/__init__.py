"""Regulators' sites: searches, pages of settings, reports."""
