"""Ways into leads: messages and HTTP."""
