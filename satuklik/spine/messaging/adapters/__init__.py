"""The channels, each in a module of its own."""
