"""Ways into contacts: HTTP."""
