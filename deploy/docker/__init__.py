"""The system as containers: image, secrets of the compose file."""
