"""Regulators: one file of declarations each, and the reading of tables that they all share."""
