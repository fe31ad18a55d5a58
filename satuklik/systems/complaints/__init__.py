"""Complaints of residents (SP4N): states, limits, secrecy, Open311."""
