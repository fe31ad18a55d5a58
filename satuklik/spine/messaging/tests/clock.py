"""The moment at which these tests happen."""

from datetime import UTC, datetime

NOW = datetime(2026, 11, 24, 3, tzinfo=UTC)
