"""Benchmarks: each figure is a ratio taken in one run, on durable servers, from seeded data."""
