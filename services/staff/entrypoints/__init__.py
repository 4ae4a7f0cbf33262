"""Ways into staff: HTTP."""
