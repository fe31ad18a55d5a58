"""Django's PostgreSQL engine with two things less to wait for: see `base` and `queries`."""
