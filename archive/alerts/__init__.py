"""Alerts: what of the news fits what somebody follows, how it is told, and how it is delivered."""
