"""Installations that seal already go on as before: every seal may close every service, 2,000 times a day each."""

from django.db import migrations

QUOTA = 2_000


def allow(apps, schema_editor):
    keys = apps.get_model("signing", "SigningKey").objects.filter(kind="seal")
    permissions = apps.get_model("signing", "SealPermission").objects
    if keys.exists() and not permissions.exists():
        permissions.create(agency=None, service="*", daily_quota=QUOTA, decree="")


class Migration(migrations.Migration):
    dependencies = [("signing", "0002_batches_uses_permissions")]
    operations = [migrations.RunPython(allow, migrations.RunPython.noop)]
