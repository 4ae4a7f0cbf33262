"""Files: what is too big for a message lies here and travels by its key."""
