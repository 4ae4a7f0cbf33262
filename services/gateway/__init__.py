"""The gateway: the managers' UI, the public API and the live stream; owns no business data."""
