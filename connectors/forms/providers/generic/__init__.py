"""Any form of any site: bodies of all kinds, fields under any name."""
