"""What a test has committed is taken away table by table: only tables that hold rows are emptied.

Django's own way (`flush`) truncates all 200 tables and writes the content types and permissions anew: half a second for
each test that commits, and most of them fill ten tables.
"""

from typing import Any

import pytest
from django.db import connections
from django.test import TransactionTestCase

# What migrations have written and no test changes.
KEPT = {"django_migrations", "django_content_type", "auth_permission"}


def _empty_tables(case: TransactionTestCase) -> None:
    for name in case._databases_names(include_mirrors=False):
        connection = connections[name]
        tables = sorted(set(connection.introspection.django_table_names(only_existing=True)) - KEPT)
        quoted = [connection.ops.quote_name(table) for table in tables]
        asked = (f"SELECT {place} WHERE EXISTS (SELECT FROM {table})" for place, table in enumerate(quoted))
        with connection.cursor() as cursor:
            cursor.execute(" UNION ALL ".join(asked))
            filled = [quoted[place] for (place,) in cursor.fetchall()]
            if filled:
                # As a replica: neither foreign keys nor the triggers of append-only tables stand in the way.
                deletes = "; ".join(f"DELETE FROM {table}" for table in filled)
                cursor.execute(f"BEGIN; SET LOCAL session_replication_role = replica; {deletes}; COMMIT")


@pytest.fixture(autouse=True, scope="session")
def empty_only_what_is_filled() -> Any:
    """Instead of `flush`, for all tests that commit."""
    usual = TransactionTestCase._fixture_teardown
    TransactionTestCase._fixture_teardown = _empty_tables
    yield
    TransactionTestCase._fixture_teardown = usual
