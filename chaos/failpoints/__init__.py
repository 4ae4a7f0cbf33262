"""Failpoints: patches of the product that only a process started through `chaos.afflicted` has."""
