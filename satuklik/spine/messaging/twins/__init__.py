"""Twins of the far sides, for the demo and for tests: they answer in the documented shapes, limits and errors."""
