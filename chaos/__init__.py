"""The fault runs: the product under load while something breaks, and a checker that compares what was promised."""
