"""HTTP manners that every unit shares."""
