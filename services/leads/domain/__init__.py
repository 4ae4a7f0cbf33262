"""Rules of leads: no framework, no await, no clock."""
