"""The contacts service: people we know and how to reach them."""
