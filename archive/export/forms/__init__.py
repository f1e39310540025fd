"""The formats of the exports, one file each."""
