"""Code that at least three units share."""
