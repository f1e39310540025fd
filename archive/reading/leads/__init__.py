"""Leads: lists of what may be a story, each defined in words that its page shows."""
