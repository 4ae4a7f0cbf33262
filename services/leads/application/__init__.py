"""Use cases of leads."""
