"""Kernel: words that every unit uses, without any framework."""
