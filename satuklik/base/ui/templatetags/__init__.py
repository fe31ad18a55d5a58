"""The tags and filters of the interface."""
