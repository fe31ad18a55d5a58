"""The database itself refuses to change or delete what happened to a referral."""

from django.db import migrations

# The databases of tests are emptied between tests by TRUNCATE, which no row trigger sees.
REFUSE = """
CREATE FUNCTION referrals_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Events of referrals are append-only (% on %)', TG_OP, TG_TABLE_NAME;
END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON referrals_referralevent
    FOR EACH ROW EXECUTE FUNCTION referrals_refuse();
"""
ALLOW = """
DROP TRIGGER append_only ON referrals_referralevent;
DROP FUNCTION referrals_refuse();
"""


class Migration(migrations.Migration):
    dependencies = [("referrals", "0001_initial")]
    operations = [migrations.RunSQL(REFUSE, ALLOW)]
