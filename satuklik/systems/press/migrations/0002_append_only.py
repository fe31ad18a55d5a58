"""The database itself refuses to change or delete attempts and events: they are the proof of both sides."""

from django.db import migrations

# The databases of tests are emptied between tests by TRUNCATE, which no row trigger sees.
REFUSE = """
CREATE FUNCTION press_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The log of the press desk is append-only (% on %)', TG_OP, TG_TABLE_NAME;
END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON press_attempt
    FOR EACH ROW EXECUTE FUNCTION press_refuse();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON press_enquiryevent
    FOR EACH ROW EXECUTE FUNCTION press_refuse();
"""
ALLOW = """
DROP TRIGGER append_only ON press_attempt;
DROP TRIGGER append_only ON press_enquiryevent;
DROP FUNCTION press_refuse();
"""


class Migration(migrations.Migration):
    dependencies = [("press", "0001_initial")]
    operations = [migrations.RunSQL(REFUSE, ALLOW)]
