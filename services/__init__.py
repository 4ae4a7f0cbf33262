"""Services: each owns its data, its rules and its database."""
