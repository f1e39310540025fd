"""What the papers of a family share: where their pages print what, and how their addresses look."""
