"""The pages people read, one file a kind of page; each file names its routes with the role each needs."""
