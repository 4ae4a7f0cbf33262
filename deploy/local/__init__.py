"""The system on one machine: server programs, databases, units and their supervisor."""
