"""What pages and the API show, read from the store in one moment and never written."""
