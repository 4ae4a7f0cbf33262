"""The demo company: people, channels, contacts, thirty days of history, and inquiries that come while one looks."""
