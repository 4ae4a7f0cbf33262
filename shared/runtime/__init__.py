"""How a declared unit is run."""
