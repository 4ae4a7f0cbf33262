"""The leads service: every inquiry, whose it is, who answers for it."""
