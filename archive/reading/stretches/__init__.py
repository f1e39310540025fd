"""Long tables a stretch at a time, in the order of their keys, which no later row changes."""
