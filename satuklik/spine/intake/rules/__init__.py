"""Triage of Indonesian chats as pure functions: texts and tables in, findings out. No clock, no database, no network."""
