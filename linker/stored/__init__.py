"""What the linker reads from the store and keeps in it, beside ``linker.run``: nothing else touches it."""
