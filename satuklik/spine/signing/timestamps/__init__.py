"""Time stamps by RFC 3161: our own authority for them, and the client that asks it or any other."""
