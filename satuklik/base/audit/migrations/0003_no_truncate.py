"""Nor can all events be thrown away at once."""

from django.db import migrations

# The databases of tests are emptied between tests; their names begin with test_.
REFUSE = """
CREATE FUNCTION audit_refuse_truncate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_database() NOT LIKE 'test_%' THEN
        RAISE EXCEPTION 'The event log is append-only (TRUNCATE on %)', TG_TABLE_NAME;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON audit_event EXECUTE FUNCTION audit_refuse_truncate();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON audit_block EXECUTE FUNCTION audit_refuse_truncate();
"""
ALLOW = """
DROP TRIGGER no_truncate ON audit_event;
DROP TRIGGER no_truncate ON audit_block;
DROP FUNCTION audit_refuse_truncate();
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_append_only")]
    operations = [migrations.RunSQL(REFUSE, ALLOW)]
