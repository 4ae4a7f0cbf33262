"""What installs, starts and packs the system."""
