"""Supporters count once they are proven: accounts are, typed contacts are not."""

from django.db import migrations, models

PROVEN = """
UPDATE complaints_supporter SET proven_at = at WHERE user_id IS NOT NULL;
UPDATE complaints_complaint AS c SET supports = greatest(0, c.supports - unproven.number)
FROM (
    SELECT complaint_id, count(*) AS number FROM complaints_supporter WHERE proven_at IS NULL GROUP BY complaint_id
) AS unproven
WHERE unproven.complaint_id = c.id;
"""


class Migration(migrations.Migration):
    dependencies = [("complaints", "0002_map")]
    operations = [
        migrations.AddField("supporter", "proven_at", models.DateTimeField(null=True)),
        migrations.RunSQL(PROVEN, migrations.RunSQL.noop),
    ]
