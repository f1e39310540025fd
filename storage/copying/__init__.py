"""An archive copied to another place, from either engine to either, and two held against each other."""
