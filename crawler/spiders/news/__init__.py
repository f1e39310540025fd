"""Papers and trade titles."""
