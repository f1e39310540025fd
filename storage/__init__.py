"""The store: the nouns everybody shares, where they are kept, and how they are found again."""
