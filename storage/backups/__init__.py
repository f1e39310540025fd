"""Backups: made while everything runs, and restored only when every byte is as it was."""
