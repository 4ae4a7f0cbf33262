"""Ways into channels: HTTP."""
