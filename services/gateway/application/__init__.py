"""What the gateway does for an open page: reads composed of several owners' answers, wishes, live streams."""
