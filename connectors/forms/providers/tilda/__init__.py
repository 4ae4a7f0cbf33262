"""Tilda: its probe, its service fields and its cookies."""
