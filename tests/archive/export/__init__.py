"""What the exports must hold."""
