"""A request and an objection are found by the key that a form's word gives."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ppid", "0002_extension_files_parameters")]
    operations = [
        migrations.AddConstraint(
            model_name="informationrequest",
            constraint=models.UniqueConstraint(fields=("key",), name="ppid_one_request_per_key"),
        ),
        migrations.AddConstraint(
            model_name="objection",
            constraint=models.UniqueConstraint(fields=("key",), name="ppid_one_objection_per_key"),
        ),
    ]
