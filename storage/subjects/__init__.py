"""What a person may ask of the archive that is named in it: where the name stands, and that it goes."""
