"""Tables of places and authorities, as the Office for National Statistics and others publish them."""
