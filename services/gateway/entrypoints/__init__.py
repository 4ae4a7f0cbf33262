"""The pages, the public API and the live streams."""
