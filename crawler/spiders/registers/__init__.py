"""Registers and tables that regulators publish as files."""
