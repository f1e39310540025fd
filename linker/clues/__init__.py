"""What an article says of the setting it describes: one file a kind of clue, pure functions over text."""
